"""A lock that only one process can hold, even on file systems without locks."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, SoftFileLease, Timeout

LEASE_SECONDS = 8.0
"""Seconds after which an unrenewed lease of another machine is taken over; on this machine, the process is checked."""

_NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS})


@contextmanager
def held(path: Path, timeout: float, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock at this path; on a file system without locks, by a file `.held` beside it.

    Raises filelock.Timeout if another process holds it for `timeout` seconds; with `waiting`, calls that instead and
    keeps trying. Raises OSError if the folder is not writable.
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
            # network folders mounted without locks, some FUSE file systems
            lock = SoftFileLease(path.with_name(f"{path.name}.held"), lease_duration=LEASE_SECONDS)
    try:
        yield
    finally:
        lock.release()
