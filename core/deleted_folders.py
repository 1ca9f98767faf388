"""Deleted folders: renamed beside the others, they can be renamed back for a minute; then their files are removed."""

import contextlib
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from os import scandir
from pathlib import Path

UNDO_SECONDS = 60.0
_DELETED = ".deleted-"
_NAME = re.compile(rf"{re.escape(_DELETED)}(?P<at>[0-9]{{10,12}})-(?P<name>.+)")


@dataclass(frozen=True, slots=True)
class DeletedFolder:
    """A folder that can still be restored."""

    path: Path
    name: str
    """What `restorable` was called with."""
    seconds_left: float


def restorable(name: str) -> str:
    """The name for a folder that is deleted now and can be restored for UNDO_SECONDS."""
    return f"{_DELETED}{int(time.time())}-{name}"


def doomed() -> str:
    """A name for a folder that cannot be restored."""
    return f"{_DELETED}{secrets.token_hex(6)}"


def deleted_folders(*parents: Path) -> list[DeletedFolder]:
    """What can still be restored in these folders, the last deleted first."""
    found = [folder for path in _deleted(parents) if (folder := _restorable(path))]
    return sorted(found, key=lambda folder: folder.path.name, reverse=True)


def is_restorable(path: Path) -> bool:
    """Whether this deleted folder is there and can still be restored."""
    return path.is_dir() and _restorable(path) is not None


def remove_for_good(*parents: Path) -> None:
    """Remove the files of what can no longer be restored; what cannot be removed stays for later."""
    for path in _deleted(parents):
        if _restorable(path):
            continue
        # first out of reach of a restore in another thread
        gone = path.with_name(doomed())
        with contextlib.suppress(OSError):
            path.rename(gone)
            if gone.is_symlink():
                gone.unlink()
            else:
                shutil.rmtree(gone)


def _deleted(parents: Iterable[Path]) -> list[Path]:
    found = []
    for parent in parents:
        with contextlib.suppress(OSError), scandir(parent) as entries:
            found += [Path(entry.path) for entry in entries if entry.name.startswith(_DELETED)]
    return found


def _restorable(path: Path) -> DeletedFolder | None:
    named = _NAME.fullmatch(path.name)
    passed = time.time() - int(named["at"]) if named else UNDO_SECONDS
    # the clock may have been set back since
    if not named or not -1 <= passed < UNDO_SECONDS:
        return None
    return DeletedFolder(path, named["name"], UNDO_SECONDS - passed)
