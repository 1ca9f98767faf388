"""The data set of drawn digits is made from UCI's file, and the product recognizes it."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from core.config.datasets import BUILT_IN
from core.config.run import VALIDATION_SHARE
from core.data.datasets import DIGESTS, load
from research.handwriting import dataset
from research.handwriting.__main__ import main
from research.handwriting.dataset import combined_digest
from research.handwriting.strokes import digest, given_pen_digits, read_pen_digits

STROKES = "17575cd0a6bb43390bf946169bc19a6e1a97254ff540bb96dd7e30dac759582f"
"""The digest of UCI's training part."""

WRITERS = (*dataset.HELD_OUT_WRITERS, *dataset.VALIDATION_WRITERS, "1", "2")
STROKES_OF_7 = [[[0, 0], [50, 2]], [], [[50, 2], [20, 90]]]
RECORDS = [{"label": 7, "writer": writer, "strokes": STROKES_OF_7} for writer in WRITERS]
UNIPEN = ".VERSION 1.0\n.HIERARCHY DIGIT\n\n" + "".join(
    f'.SEGMENT DIGIT {2 * number}-{2 * number + 1} ? "7"\n.COMMENT 7 {writer} {number}\n'
    ".PEN_DOWN\n 0 0\n 50 -2\n.PEN_UP\n.DT 120\n.PEN_DOWN\n 50 -2\n 20 -90\n.PEN_UP\n.DT 9\n\n"
    for number, writer in enumerate(WRITERS)
)


@pytest.fixture
def mnist(small, tmp_path, monkeypatch):
    """20 training digits in place of MNIST."""
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(small.save(tmp_path / "mnist.npz")))
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(DIGESTS, "mnist", small.digest)
    monkeypatch.setattr(dataset, "TRAINING_DRAWINGS", 8)
    monkeypatch.setattr(dataset, "VALIDATION_DRAWINGS", 2)
    return small.arrays


def test_the_command_writes_the_data_set(mnist, tmp_path, monkeypatch):
    (tmp_path / "pendigits-orig.tra").write_text(UNIPEN, encoding="ascii")
    npz = tmp_path / "handwriting.npz"
    assert main([str(tmp_path / "pendigits-orig.tra"), "--npz", str(npz)]) == 0
    made_of = combined_digest(mnist.digest(), digest(read_pen_digits(tmp_path / "pendigits-orig.tra")))
    monkeypatch.setitem(DIGESTS, "handwriting", made_of)
    monkeypatch.setenv("DIGIT_LAB_HANDWRITING", str(npz))
    data = load("handwriting")
    np.testing.assert_array_equal(data.train_images[:16], mnist.train_images[:16])
    assert data.train_labels[16:24].tolist() == [7] * 8
    np.testing.assert_array_equal(data.train_images[24:28], mnist.train_images[16:])
    np.testing.assert_array_equal(data.test_images, mnist.test_images)


def test_ucis_file_and_its_json_give_the_same_digits(tmp_path):
    (tmp_path / "pendigits-orig.tra").write_text(UNIPEN, encoding="ascii")
    (tmp_path / "pen.json.gz").write_bytes(gzip.compress(json.dumps(RECORDS).encode()))
    unipen, from_json = (read_pen_digits(tmp_path / name) for name in ("pendigits-orig.tra", "pen.json.gz"))
    assert [(digit.label, digit.writer) for digit in unipen] == [(7, writer) for writer in WRITERS]
    assert unipen[0].strokes[1].tolist() == [[50, 2], [20, 90]]
    assert digest(unipen) == digest(from_json)


@pytest.mark.usefixtures("mnist")
@pytest.mark.parametrize("content", [b"", b"no strokes", b"\x1f\x8b no archive", b".COMMENT 7\n", UNIPEN[:95].encode()])
def test_an_invalid_file_is_reported(tmp_path, capsys, content):
    (tmp_path / "file").write_bytes(content)
    assert main([str(tmp_path / "file")]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert "pendigits-orig" in err


def test_the_digest_depends_on_inputs_and_recipe(monkeypatch):
    assert combined_digest(DIGESTS["mnist"], STROKES) == DIGESTS["handwriting"]
    monkeypatch.setattr(dataset, "RECIPE", dataset.RECIPE + 1)
    assert combined_digest(DIGESTS["mnist"], STROKES) != DIGESTS["handwriting"]


@pytest.mark.mnist
@pytest.mark.skipif("DIGIT_LAB_PEN_STROKES" not in os.environ, reason="DIGIT_LAB_PEN_STROKES names no pen strokes.")
def test_the_real_strokes_have_the_expected_digest():
    assert Path(os.environ["DIGIT_LAB_PEN_STROKES"]).is_file()
    assert digest(given_pen_digits()) == STROKES


def test_its_sizes_match_the_config():
    drawn = dataset.TRAINING_DRAWINGS, dataset.VALIDATION_DRAWINGS
    assert BUILT_IN["handwriting"].training == BUILT_IN["mnist"].training + sum(drawn)
    assert BUILT_IN["handwriting"].test == BUILT_IN["mnist"].test
    # so that the last 20 % are the last 20 % of both MNIST and the drawings
    assert drawn[1] == VALIDATION_SHARE * sum(drawn)
