"""Deleted data sets: folders beside the others, renamed, which for a while can be renamed back."""

import contextlib
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from os import scandir
from pathlib import Path

from core.config.datasets import DATASET_NAME, data_folder
from core.data.about import About, read_about
from core.data.store import DELETED, AddedDataset
from core.errors import DigitLabError

UNDO_SECONDS = 60.0
"""How long a data set that was set aside can be restored."""
_SET_ASIDE = re.compile(rf"{re.escape(DELETED)}(?P<at>[0-9]{{10,12}})-(?P<name>{DATASET_NAME.pattern})")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A deleted data set that can still be restored."""

    folder: Path
    """Where it is until then."""
    name: str
    about: About
    seconds_left: float


def set_aside(added: AddedDataset) -> None:
    """Delete a data set so that `restore` can bring it back for UNDO_SECONDS; raises DigitLabError."""
    added.hide(f"{DELETED}{int(time.time())}-{added.name}")


def set_aside_sets() -> list[SetAside]:
    """The deleted data sets that can still be restored, the last deleted first; damaged ones are left out."""
    found = []
    for path in sorted(_deleted(), reverse=True):
        if (left := _seconds_left(path)) > 0 and (named := _SET_ASIDE.fullmatch(path.name)):
            with contextlib.suppress(DigitLabError):
                found.append(SetAside(path, named["name"], read_about(path), left))
    return found


def restore(aside: SetAside) -> None:
    """Bring back a deleted data set; raises DigitLabError if it is gone or another has its name now."""
    added = AddedDataset.named(aside.name)
    with added.locked(lambda: None), added.writable():
        if added.folder.exists():
            raise DigitLabError("data_add.taken", name=aside.name)
        if _seconds_left(aside.folder) <= 0 or not aside.folder.is_dir():
            raise DigitLabError("data_sets.too_late")
        aside.folder.rename(added.folder)


def clear() -> None:
    """Remove the files of what can no longer be restored; what cannot be removed stays for later."""
    for path in _deleted():
        if _seconds_left(path) > 0:
            continue
        # first out of reach of `restore`, which another thread may be about to do
        gone = path.with_name(f"{DELETED}{secrets.token_hex(6)}")
        with contextlib.suppress(OSError):
            path.rename(gone)
            if gone.is_symlink():
                gone.unlink()
            else:
                shutil.rmtree(gone)


def _deleted() -> list[Path]:
    try:
        with scandir(data_folder()) as entries:
            return [Path(entry.path) for entry in entries if entry.name.startswith(DELETED)]
    except OSError:
        return []


def _seconds_left(path: Path) -> float:
    """Seconds in which a deleted data set can still be restored; 0 if it was deleted permanently."""
    named = _SET_ASIDE.fullmatch(path.name)
    passed = time.time() - int(named["at"]) if named else UNDO_SECONDS
    # the clock may have been set back since
    return UNDO_SECONDS - passed if -1 <= passed < UNDO_SECONDS else 0.0
