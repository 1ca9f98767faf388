"""Deleted runs, which can be restored for a minute together with those that were deleted with them."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.deleted_folders import DeletedFolder, deleted_folders, restorable
from core.errors import DigitLabError, UnreadableRun, reason_of
from core.runs.folder import RunFolder
from core.runs.manifest import RUN_ID

_IN_BATCH = re.compile(rf"(?P<batch>[0-9a-f]{{6}})-(?P<id>{RUN_ID.pattern})")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A deleted run that can still be restored, with those that were deleted together with it."""

    folder: RunFolder
    """Where it is until then."""
    name: str
    batch: str
    """The same for all that were deleted together."""
    seconds_left: float


def new_batch() -> str:
    """What folders that are deleted together have in their names."""
    return secrets.token_hex(3)


def in_batch(batch: str, run_id: str) -> str:
    """The name of a run's folder that is deleted now with this batch and can be restored."""
    return restorable(f"{batch}-{run_id}")


def set_aside_runs(parent: Path) -> list[SetAside]:
    """The deleted runs in this folder that can still be restored, the last deleted first."""
    found = []
    for folder, batch, run_id in _restorable(parent):
        run = RunFolder(folder.path)
        try:
            name = run.label().name or run.manifest().worded_name
        except UnreadableRun:
            name = run_id
        found.append(SetAside(run, name, batch, folder.seconds_left))
    return found


def restore(batch: str, *parents: Path) -> None:
    """Bring back what was deleted together as this batch; raises DigitLabError if it is gone."""
    restored = [(folder.path, run_id) for folder, of, run_id in _restorable(*parents) if of == batch]
    if not restored:
        raise DigitLabError("run_list.too_late")
    for path, run_id in restored:
        try:
            path.rename(path.with_name(run_id))
        except OSError as error:
            raise DigitLabError("run_list.not_restored", name=run_id, reason=reason_of(error)) from None


def _restorable(*parents: Path) -> Iterator[tuple[DeletedFolder, str, str]]:
    """What can still be restored, with its batch and id."""
    for folder in deleted_folders(*parents):
        if named := _IN_BATCH.fullmatch(folder.name):
            yield folder, named["batch"], named["id"]
