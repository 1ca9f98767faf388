"""Deleted runs: folders beside the runs, renamed, which for a while can be renamed back."""

import contextlib
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from os import scandir, strerror
from pathlib import Path

from core.errors import DigitLabError, UnreadableRun
from core.runs.folder import RUN_ID, RunFolder

UNDO_SECONDS = 60.0
"""How long a run that was set aside can be restored."""
_DELETED = ".deleted-"
_SET_ASIDE = re.compile(rf"\.deleted-(?P<at>[0-9]{{10,12}})-(?P<batch>[0-9a-f]{{6}})-(?P<id>{RUN_ID.pattern})")


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
    """The beginning of the names of folders that are deleted together now."""
    return f"{_DELETED}{int(time.time())}-{secrets.token_hex(3)}-"


def restorable(batch: str, run_id: str) -> str:
    """The name of a run's folder that was deleted with this batch and can be restored."""
    return f"{batch}{run_id}"


def doomed() -> str:
    """A name for a folder that cannot be restored."""
    return f"{_DELETED}{secrets.token_hex(6)}"


def set_aside_runs(folder: Path) -> list[SetAside]:
    """The deleted runs in this folder that can still be restored, the last deleted first."""
    found = []
    for path in sorted(_deleted(folder), reverse=True):
        left = _seconds_left(path)
        if left > 0 and (named := _SET_ASIDE.fullmatch(path.name)):
            run = RunFolder(path)
            try:
                name = run.label().name or run.manifest().name
            except UnreadableRun:
                name = named["id"]
            found.append(SetAside(run, name, named["batch"], left))
    return found


def restore(folders: Iterable[Path], batch: str) -> None:
    """Bring back what was deleted together as this batch; raises DigitLabError if it is gone."""
    found = [path for folder in folders for path in _deleted(folder)]
    named = [(path, _SET_ASIDE.fullmatch(path.name)) for path in found if _seconds_left(path) > 0]
    restored = [(path, name["id"]) for path, name in named if name and name["batch"] == batch]
    if not restored:
        raise DigitLabError("run_list.too_late")
    for path, run_id in restored:
        try:
            path.rename(path.with_name(run_id))
        except OSError as error:
            reason = strerror(error.errno) if error.errno else str(error)
            raise DigitLabError("run_list.not_restored", name=run_id, reason=reason) from None


def clear(folders: Iterable[Path]) -> None:
    """Remove the files of what can no longer be restored; what cannot be removed stays for later."""
    for path in [path for folder in folders for path in _deleted(folder) if _seconds_left(path) <= 0]:
        # first out of reach of `restore`, which another thread may be about to do
        gone = path.with_name(doomed())
        with contextlib.suppress(OSError):
            path.rename(gone)
            if gone.is_symlink():
                gone.unlink()
            else:
                shutil.rmtree(gone)


def _deleted(folder: Path) -> list[Path]:
    try:
        with scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if entry.name.startswith(_DELETED)]
    except OSError:
        return []


def _seconds_left(path: Path) -> float:
    """Seconds in which a deleted run can still be restored; 0 if it was deleted permanently."""
    named = _SET_ASIDE.fullmatch(path.name)
    if named is None:
        return 0.0
    passed = time.time() - int(named["at"])
    # the clock may have been set back since
    return UNDO_SECONDS - passed if -1 <= passed < UNDO_SECONDS else 0.0
