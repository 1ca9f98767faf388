"""A lock that one process holds at a time, also on a file system that has no locks."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, SoftFileLease, Timeout

LEASE_SECONDS = 8.0
"""How long a holder on another machine may be silent before its lease is taken over; here its process is looked up."""

_NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS})


@contextmanager
def held(path: Path, timeout: float, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock at this path; where the file system has no locks, by a file `.held` beside it.

    Raises filelock.Timeout where another holds it for this many seconds; `waiting` is called instead, and it goes on
    trying. Raises OSError where the folder cannot be written.
    """
    lock: FileLock | SoftFileLease = FileLock(path, fallback_to_soft=False)
    while True:
        try:
            lock.acquire(timeout=timeout)
            break
        except Timeout:
            if waiting is None:
                raise
            waiting()
        except OSError as error:
            if error.errno not in _NO_LOCKS or isinstance(lock, SoftFileLease):
                raise
            # a network folder mounted without locks, some FUSE file systems
            lock = SoftFileLease(path.with_name(f"{path.name}.held"), lease_duration=LEASE_SECONDS)
    try:
        yield
    finally:
        lock.release()
