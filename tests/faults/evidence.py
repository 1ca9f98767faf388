"""Checks of a run folder after a fault: every file can be read and has the right contents."""

import json
import sys

import h5py
import numpy as np
import pytest

from core.runs import states
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS


def rows(folder):
    """The rows of epochs.csv without their last column, the seconds."""
    return [row[:-1] for row in CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()]


def resume_point(folder):
    """The epoch of the resume point, 0 if there is none; all its numbers must be finite."""
    path = states.resume_point(folder)
    if path is None:
        return 0
    assert numbers(path) > 0
    with h5py.File(path) as file:
        return json.loads(file.attrs["digit_lab"])["epoch"]


def numbers(path):
    """The count of numbers in an HDF5 file, all of which must be finite."""
    found = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    assert all(np.isfinite(values).all() for values in found)
    return sum(np.size(values) for values in found)


def highest_memory():
    """The peak memory of this process in bytes; skips the test where the system does not tell."""
    resource = pytest.importorskip("resource", reason="only Unix measures memory this way")
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def drafts(folder):
    """The names of files that a process began to write and did not finish."""
    return [path.name for path in folder.path.rglob(".*")]


def look(folder, server, reference):
    """The epoch of an interrupted run's resume point, after checks that the run matches the reference so far."""
    run = server.store.find(folder.id)
    assert run.status.state in ("interrupted", "failed")
    seen, point = rows(folder), resume_point(folder)
    assert [row[0] for row in seen] == list(range(1, len(seen) + 1))
    assert np.allclose(seen, reference[: len(seen)], rtol=1e-3, atol=0)
    # the resume point is written a moment before the epoch is shown
    assert point in (len(seen), len(seen) + 1)
    assert run.status.epoch <= len(seen)
    for epoch in range(point + 1 if point else 0):
        assert numbers(folder.weights(epoch)) > 0
        with np.load(folder.predictions(epoch)) as predictions:
            assert np.isfinite(predictions["test"]).all()
    return point


def same_end(folder, reference):
    """Check that a resumed run ended like a run without interruption."""
    status, whole = folder.status(), reference.status()
    assert (status.state, status.epoch, status.message) == (whole.state, whole.epoch, whole.message)
    assert status.best_epoch == whole.best_epoch
    assert np.allclose(rows(folder), rows(reference), rtol=1e-3, atol=0)
    assert status.test_loss == pytest.approx(whole.test_loss, rel=2e-3)
    assert status.learning_rate == pytest.approx(whole.learning_rate)
    assert drafts(folder) == []
