"""Malicious and impossible arrays in a bundle."""

import io
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from tests.bundled import SMALL, files, npz_with_header, refusal, with_files

PREDICTIONS, STEPS, FAMILIARITY = "predictions/epoch-0001.npz", "steps.npz", "familiarity.npz"
RUNS = {STEPS: "cnn-16-36", FAMILIARITY: "handwriting"}
"""Runs that have these files; all runs have the others."""
ARRAYS = pytest.mark.parametrize("file", ["labels.npz", PREDICTIONS, STEPS, FAMILIARITY])


class Marker:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@ARRAYS
def test_objects_and_non_arrays_are_refused_and_never_unpickled(file, runs_dir, tmp_path):
    marker = tmp_path / "marker"
    evil = np.array([Marker(marker)], dtype=object)
    for content in (npz(test=evil), npz(test=evil, validation=evil), pickle.dumps(Marker(marker)), b"x", b""):
        assert Path(file).name in refusal(with_files({file: content}), runs_dir)
    assert not marker.exists()


HEADERS = [
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000,), }",
    "{'descr': '<f2', 'fortran_order': False, 'shape': (1000000, 10), }",
    "{'descr': '<f2', 'fortran_order': False, 'shape': (-1, 10), }",
    "{'descr': '<f2', 'fortran_order': False, 'shape': (10**9,), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<f2')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '|S1000000000', 'fortran_order': False, 'shape': (1,), }",
    "__import__('os').system('true')",
    "(" * 900,
    "-" * 900 + "1",
    "{'descr': '<f2'}",
]


@pytest.mark.parametrize("text", HEADERS)
@ARRAYS
def test_a_false_array_header_is_not_trusted(file, text, runs_dir):
    tracemalloc.start()
    assert Path(file).name in refusal(with_files({file: npz_with_header(text, bytes(40))}), runs_dir)
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


NINE = np.ones(9, np.float32)
IMPOSSIBLE = [
    ("another number of digits", PREDICTIONS, {"test": np.zeros((99, 10), np.float16)}),
    ("another type", PREDICTIONS, {"test": np.zeros((10_000, 10), np.float32)}),
    ("probabilities of 0", PREDICTIONS, {"test": np.full((10_000, 10), -np.inf, np.float16)}),
    ("a sum above 1", PREDICTIONS, {"test": np.zeros((10_000, 10), np.float16)}),
    ("NaN", PREDICTIONS, {"test": np.full((10_000, 10), np.nan, np.float16)}),
    ("another part", PREDICTIONS, {"train": np.zeros((2, 10), np.float16)}),
    ("an eleventh class", "labels.npz", {"test": np.full(10_000, 10, np.uint8)}),
    ("too few labels", "labels.npz", {"test": np.zeros(9, np.uint8)}),
    ("labels as floats", "labels.npz", {"test": np.zeros(10_000, np.float64)}),
    ("an index after the images", STEPS, {"places": np.full((5, 24), 48_000, np.int32)}),
    ("an index before the images", STEPS, {"places": np.full((5, 24), -1, np.int32)}),
    ("an eleventh class", STEPS, {"labels": np.full((5, 24), 10, np.uint8)}),
    ("an unknown layer", STEPS, {"layers": np.array(["conv_9"] * 12)}),
    ("Markdown for a layer", STEPS, {"layers": np.array(["![x](http://x)"] * 12)}),
    ("an unknown variable", STEPS, {"variables": np.array(["secret"] * 12)}),
    ("an index after the weights", STEPS, {"index": np.full((12, 4), 9_999, np.int32)}),
    ("a negative second moment", STEPS, {"states": np.full((6, 2, 12), -1, np.float32)}),
    ("an unknown slot of the optimizer", STEPS, {"slots": np.array(["momentum", "other"])}),
    ("a repeated slot", STEPS, {"slots": np.array(["velocity", "velocity"])}),
    ("integer weights", STEPS, {"weights": np.zeros((6, 12), np.int64)}),
    ("no images", STEPS, {"labels": np.zeros((5, 0), np.uint8), "places": np.zeros((5, 0), np.int32)}),
    ("an additional array", STEPS, {"more": np.zeros(3)}),
    ("an unknown layer", FAMILIARITY, {"layers": np.array(["pool_9", "output"])}),
    ("fewer layers", FAMILIARITY, {"layers": np.array(["output"])}),
    ("no layer", FAMILIARITY, {"layers": np.array([], "U4")}),
    ("NaN", FAMILIARITY, {"threshold": np.float64("nan")}),
    ("another epoch", FAMILIARITY, {"epoch": np.int64(10**6)}),
    ("several epochs", FAMILIARITY, {"epoch": np.zeros(4, np.int64)}),
    ("other inputs", FAMILIARITY, {"mean": NINE, "scale": NINE, "first": np.zeros((9, 34), "f2")}),
    ("text for numbers", FAMILIARITY, {"second": np.array(["x"] * 34)}),
]


@pytest.mark.parametrize(("kind", "file", "changes"), IMPOSSIBLE)
def test_impossible_values_are_refused(kind, file, changes, runs_dir):
    run = RUNS.get(file, SMALL)
    with np.load(io.BytesIO(files(run)[file])) as arrays:
        content = npz(**{**arrays, **changes})
    assert Path(file).name in refusal(with_files({file: content}, run), runs_dir), kind
