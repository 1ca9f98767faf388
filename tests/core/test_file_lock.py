"""The lock between processes, on file systems with and without locks."""

import errno
import fcntl
import subprocess
import sys
import threading

import pytest
from filelock import Timeout

from core.child_process import environment
from core.data.cache import Cache
from core.errors import DigitLabError
from core.file_lock import held
from core.models.check_hdf5 import check_plain
from core.queue.queue import Queue
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR, RunStore
from core.runs.weight_arrays import read_weights
from core.runs.weights import rewritten_weights, weights_of

HOLD = """
import fcntl, os, sys, time
from pathlib import Path
refused = int(sys.argv[2])
def flock(*_):
    raise OSError(refused, os.strerror(refused))
if refused:
    fcntl.flock = flock
from core.file_lock import held
with held(Path(sys.argv[1]), 1):
    print("held", flush=True)
    sys.stdin.read()
"""
ERRORS = [0, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS]
REFUSALS = pytest.mark.parametrize("refused", ERRORS, ids=errno.errorcode.get)


@pytest.fixture
def refusing(refused, monkeypatch):
    """A file system without locks, which fails with this error number."""

    def flock(*_):
        raise OSError(refused, "no locks")

    if refused:
        monkeypatch.setattr(fcntl, "flock", flock)
    return refused


def holder(path, refused):
    """Another process that holds the lock until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), str(refused)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"held\n"
    return process


@REFUSALS
def test_only_one_living_process_can_hold_the_lock(tmp_path, refusing):
    path = tmp_path / "lock"
    with holder(path, refusing) as other:
        with pytest.raises(Timeout), held(path, 0.2):
            pass
        other.kill()
        other.wait()
    with held(path, 5):
        pass
    with holder(path, refusing) as other:
        other.stdin.close()
        waited = []
        with held(path, 0.05, lambda: waited.append(1)):
            pass
        assert other.wait(10) == 0


@REFUSALS
@pytest.mark.usefixtures("refusing")
def test_threads_take_turns(tmp_path):
    inside, most = 0, []

    def work():
        nonlocal inside
        with held(tmp_path / "lock", 20):
            inside += 1
            most.append(inside)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


@pytest.mark.parametrize("refused", [errno.ENOLCK])
@pytest.mark.usefixtures("refusing")
def test_runs_and_digits_are_stored_without_file_system_locks(tmp_path):
    store = RunStore(tmp_path / "runs", tmp_path / "none")
    Queue(store).tick()
    cache = Cache(tmp_path / "cache", "mnist-5k", "digest")
    with cache.locked(lambda: None):
        assert cache.in_preparation()
    assert not cache.in_preparation()


def test_a_lock_held_by_another_process_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("core.runs.store._LOCK_SECONDS", 0.1)
    store = RunStore(tmp_path, tmp_path / "none")
    with store.lock(), pytest.raises(DigitLabError, match="Another server is changing"), store.lock():
        pass


def test_weights_are_read_and_written_without_locks(tmp_path):
    shipped = RunFolder(SHIPPED_DIR / "mlp-512")
    table = shipped.manifest().config.layer_table
    path = tmp_path / "epoch.weights.h5"
    path.write_bytes(weights_of(shipped, 1).read_bytes())
    with path.open("r+b") as file:
        # HDF5 requests its own lock and fails without it
        fcntl.flock(file, fcntl.LOCK_EX)
        assert len(read_weights(path, table)) == 4
        check_plain(path, 10**6)
        assert rewritten_weights(path, {})
    script = """
import fcntl, sys
import core.training, h5py
with h5py.File(sys.argv[1], "w"), open(sys.argv[1], "rb") as file:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
"""
    written = tmp_path / "written.h5"
    subprocess.run([sys.executable, "-c", script, str(written)], env=environment(), check=True)
