"""Malicious arrays in a bundle."""

import io
import pickle
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from tests.bundled import files, packed, refusal, with_files

PREDICTIONS = "predictions/epoch-0001.npz"


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


def header(text, payload=b""):
    """An .npz with one array `test` that has this header."""
    filled = text.encode() + b" " * (-(len(text) + 11) % 64) + b"\n"
    return packed({"test.npy": b"\x93NUMPY\x01\x00" + struct.pack("<H", len(filled)) + filled + payload})


@pytest.mark.parametrize("file", ["labels.npz", PREDICTIONS, "steps.npz", "familiarity.npz"])
def test_arrays_of_objects_are_not_unpickled(file, runs_dir, tmp_path):
    marker = tmp_path / "marker"
    evil = np.array([Marker(marker)], dtype=object)
    for content in (npz(test=evil), npz(test=evil, validation=evil), pickle.dumps(Marker(marker))):
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
@pytest.mark.parametrize("file", ["labels.npz", PREDICTIONS, "steps.npz", "familiarity.npz"])
def test_a_false_array_header_is_not_trusted(file, text, runs_dir):
    tracemalloc.start()
    assert Path(file).name in refusal(with_files({file: header(text, bytes(40))}), runs_dir)
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


def predictions(**changes):
    with np.load(io.BytesIO(files()[PREDICTIONS])) as file:
        return npz(**{**{name: file[name] for name in file.files}, **changes})


def labels(**changes):
    with np.load(io.BytesIO(files()["labels.npz"])) as file:
        return npz(**{**{name: file[name] for name in file.files}, **changes})


UNSOUND = {
    "other digits": (PREDICTIONS, predictions(test=np.zeros((99, 10), np.float16))),
    "other numbers": (PREDICTIONS, predictions(test=np.zeros((10_000, 10), np.float32))),
    "no probabilities": (PREDICTIONS, predictions(test=np.full((10_000, 10), -np.inf, np.float16))),
    "more than all": (PREDICTIONS, predictions(test=np.zeros((10_000, 10), np.float16))),
    "no numbers": (PREDICTIONS, predictions(test=np.full((10_000, 10), np.nan, np.float16))),
    "another part": (PREDICTIONS, predictions(train=np.zeros((2, 10), np.float16))),
    "an eleventh class": ("labels.npz", labels(test=np.full(10_000, 10, np.uint8))),
    "few labels": ("labels.npz", labels(test=np.zeros(9, np.uint8))),
    "labels as floats": ("labels.npz", labels(test=np.zeros(10_000, np.float64))),
    "no zip": ("labels.npz", b"x"),
    "nothing": (PREDICTIONS, b""),
}


@pytest.mark.parametrize("kind", UNSOUND)
def test_impossible_predictions_are_refused(kind, runs_dir):
    file, content = UNSOUND[kind]
    assert Path(file).name in refusal(with_files({file: content}), runs_dir)


def steps(**changes):
    with np.load(io.BytesIO(files("cnn-16-36")["steps.npz"])) as file:
        return npz(**{**{name: file[name] for name in file.files}, **changes})


def of_steps(name):
    with np.load(io.BytesIO(files("cnn-16-36")["steps.npz"])) as file:
        return file[name]


STEPS = {
    "a place behind the images": {"places": np.full((5, 24), 48_000, np.int32)},
    "a place before them": {"places": np.full((5, 24), -1, np.int32)},
    "an eleventh class": {"labels": np.full((5, 24), 10, np.uint8)},
    "a layer that is not there": {"layers": np.array(["conv_9"] * 12)},
    "Markdown for a layer": {"layers": np.array(["![x](http://x)"] * 12)},
    "a variable that is not there": {"variables": np.array(["secret"] * 12)},
    "an index behind the weights": {"index": np.full((12, 4), 9_999, np.int32)},
    "a root of less than nothing": {"states": np.full((6, 2, 12), -1, np.float32)},
    "a memory that Adam has not": {"slots": np.array(["momentum", "other"])},
    "a memory twice": {"slots": np.array(["velocity", "velocity"])},
    "whole numbers": {"weights": np.zeros((6, 12), np.int64)},
    "no images": {"labels": np.zeros((5, 0), np.uint8), "places": np.zeros((5, 0), np.int32)},
    "one array more": {"more": np.zeros(3)},
}


@pytest.mark.parametrize("kind", STEPS)
def test_impossible_first_updates_are_refused(kind, runs_dir):
    content = with_files({"steps.npz": steps(**STEPS[kind])}, "cnn-16-36")
    assert "steps.npz" in refusal(content, runs_dir)


def familiarity(**changes):
    with np.load(io.BytesIO(files("handwriting")["familiarity.npz"])) as file:
        return npz(**{**{name: file[name] for name in file.files}, **changes})


FAMILIARITY = {
    "a layer that is not there": {"layers": np.array(["pool_9", "output"])},
    "fewer layers": {"layers": np.array(["output"])},
    "no layer": {"layers": np.array([], "U4")},
    "no number": {"threshold": np.float64("nan")},
    "another epoch": {"epoch": np.int64(10**6)},
    "several epochs": {"epoch": np.zeros(4, np.int64)},
    "other inputs": {
        "mean": np.zeros(9, np.float32),
        "scale": np.ones(9, np.float32),
        "first": np.zeros((9, 34), "f2"),
    },
    "texts for numbers": {"second": np.array(["x"] * 34)},
}


@pytest.mark.parametrize("kind", FAMILIARITY)
def test_an_unusable_judge_is_refused(kind, runs_dir):
    content = with_files({"familiarity.npz": familiarity(**FAMILIARITY[kind])}, "handwriting")
    assert "familiarity.npz" in refusal(content, runs_dir)
