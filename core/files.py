"""Files on this machine: a file's version, and writing whole or not at all."""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

Version = tuple[int, int, int]
"""Of a file: replaced or appended to, it has another."""
Stamp = Version | None
"""A file's version, None where there is no file."""


def stamp(path: str) -> Stamp:
    """The version of the file at this path."""
    try:
        stat = os.stat(path)  # noqa: PTH116 a list of a thousand runs asks this 3,000 times
    except OSError:
        return None
    return version_of(stat)


def version_of(stat: os.stat_result) -> Version:
    """The version of the file that has this status."""
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A draft beside the target that takes its place when the block ends well, and is gone when not.

    The draft keeps the target's ending, since some libraries choose the format by it.
    """
    draft = target.with_name(f".{os.getpid()}-{uuid.uuid4().hex[:6]}-{target.name}")
    try:
        yield draft
        draft.replace(target)
    except BaseException:
        # on a full disk the half-written draft is the very thing to be rid of
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
        raise
