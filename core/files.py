"""Detect changes of files, and write files atomically."""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

Version = tuple[int, int, int]
"""Inode, modification time and size of a file; changes when the file is replaced or appended to."""
Stamp = Version | None
"""A file's version, None if there is no file."""


def stamp(path: str) -> Stamp:
    """The version of the file at this path."""
    try:
        stat = os.stat(path)  # noqa: PTH116 called 3,000 times for a list of a thousand runs
    except OSError:
        return None
    return version_of(stat)


def version_of(stat: os.stat_result) -> Version:
    """The version of the file with this status."""
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a draft that replaces the target when the block succeeds, and is deleted when it fails.

    The draft keeps the target's suffix, because some libraries choose the format by it.
    """
    draft = target.with_name(f".{os.getpid()}-{uuid.uuid4().hex[:6]}-{target.name}")
    try:
        yield draft
        draft.replace(target)
    except BaseException:
        # on a full disk, deleting the partial draft frees the space again
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
        raise


def share(source: Path, target: Path) -> None:
    """Make a file that is never changed in place appear in a second folder: as a hard link, else as a copy.

    Raises OSError.
    """
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:
        # another disk, or a file system without links
        shutil.copyfile(source, target)
