"""MNIST and drawn digits as one data set: made once, known by what it is made of."""

import gzip
import json
import os
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest

from core.config.run import DATASET_SIZES, VALIDATION_SHARE
from core.data.__main__ import main
from core.data.datasets import DIGESTS, load, status
from core.data.download import Network
from core.errors import DataUnavailable
from core.runs.store import ROOT
from research.handwriting import dataset as handwriting
from research.handwriting.dataset import combined_digest

NOWHERE = Network(())
# of the file itself, which is not part of this repository
STROKES = "17575cd0a6bb43390bf946169bc19a6e1a97254ff540bb96dd7e30dac759582f"
WRITERS = (*handwriting.HELD_OUT_WRITERS, *handwriting.VALIDATION_WRITERS, "1", "2")
RECORDS = [{"label": 7, "writer": writer, "strokes": [[[0, 0], [50, 2]], [[50, 2], [20, 90]]]} for writer in WRITERS]


@pytest.fixture
def drawn(places, small, monkeypatch):
    """The digest of a data set of 20 digits and 10 drawings that can be made here."""
    content = json.dumps(RECORDS).encode()
    (places / "pen.json.gz").write_bytes(gzip.compress(content))
    monkeypatch.setenv("DIGIT_LAB_PEN_STROKES", str(places / "pen.json.gz"))
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(small.save(places / "given.npz")))
    monkeypatch.setitem(DIGESTS, "mnist", small.digest)
    monkeypatch.setattr(handwriting, "TRAINING_DRAWINGS", 8)
    monkeypatch.setattr(handwriting, "VALIDATION_DRAWINGS", 2)
    digest = combined_digest(small.digest, sha256(content).hexdigest())
    monkeypatch.setitem(DIGESTS, "handwriting", digest)
    return digest


def test_it_is_known_by_the_inputs_and_the_recipe(monkeypatch):
    assert combined_digest(DIGESTS["mnist"], STROKES) == DIGESTS["handwriting"]
    monkeypatch.setattr(handwriting, "RECIPE", handwriting.RECIPE + 1)
    assert combined_digest(DIGESTS["mnist"], STROKES) != DIGESTS["handwriting"]


def test_its_sizes_are_those_of_the_config():
    training, test = DATASET_SIZES["mnist"]
    drawn = handwriting.TRAINING_DRAWINGS, handwriting.VALIDATION_DRAWINGS
    assert DATASET_SIZES["handwriting"] == (training + sum(drawn), test)
    # so that the last 20 % are the last 20 % of MNIST and of the drawings alike
    assert drawn[1] == VALIDATION_SHARE * sum(drawn)


def test_it_is_made_once(drawn, small, places):
    assert status("handwriting").state == "local"
    data = load("handwriting", network=NOWHERE)
    assert data.digest == drawn
    assert data.source == "MNIST and the pen strokes in DIGIT_LAB_PEN_STROKES"
    assert data.train_images.shape == (30, 28, 28)
    np.testing.assert_array_equal(data.train_images[:16], small.arrays.train_images[:16])
    assert data.train_labels[16:24].tolist() == [7] * 8
    np.testing.assert_array_equal(data.train_images[24:28], small.arrays.train_images[16:])
    np.testing.assert_array_equal(data.test_images, small.arrays.test_images)

    (places / "pen.json.gz").unlink()
    assert status("handwriting").state == "ready"
    np.testing.assert_array_equal(load("handwriting").train_images, data.train_images)


def test_another_recipe_makes_it_anew(drawn, small, monkeypatch):
    load("handwriting")
    monkeypatch.setattr(handwriting, "RECIPE", handwriting.RECIPE + 1)
    strokes = sha256(json.dumps(RECORDS).encode()).hexdigest()
    monkeypatch.setitem(DIGESTS, "handwriting", combined_digest(small.digest, strokes))
    assert DIGESTS["handwriting"] != drawn
    assert status("handwriting").state == "local"
    assert load("handwriting").digest == DIGESTS["handwriting"]


@pytest.mark.parametrize(("named", "said"), [(None, "but names nothing"), ("/no/such.json.gz", "/no/such.json.gz")])
@pytest.mark.usefixtures("drawn")
def test_without_the_strokes_it_says_what_is_missing(monkeypatch, named, said):
    monkeypatch.delenv("DIGIT_LAB_PEN_STROKES")
    if named:
        monkeypatch.setenv("DIGIT_LAB_PEN_STROKES", named)
    for _ in range(2):
        seen = status("handwriting")
        assert seen.state == "failed"
        assert said in seen.message
        assert "DIGIT_LAB_PEN_STROKES" in seen.message
        with pytest.raises(DataUnavailable, match=said):
            load("handwriting", network=NOWHERE)


@pytest.mark.usefixtures("drawn")
def test_other_strokes_are_refused(places):
    (places / "pen.json.gz").write_bytes(gzip.compress(json.dumps(RECORDS[1:]).encode()))
    with pytest.raises(DataUnavailable, match="other pen strokes"):
        load("handwriting", network=NOWHERE)
    assert "other pen strokes" in status("handwriting").message


@pytest.mark.usefixtures("drawn")
def test_a_failure_is_out_of_date_once_the_strokes_are_others(places):
    kept = (places / "pen.json.gz").read_bytes()
    (places / "pen.json.gz").write_bytes(b"no archive")
    with pytest.raises(DataUnavailable, match="cannot be read as pen strokes"):
        load("handwriting", network=NOWHERE)
    assert status("handwriting").state == "failed"
    (places / "pen.json.gz").write_bytes(kept)
    os.utime(places / "pen.json.gz", (1, 1))
    assert status("handwriting").state == "local"


@pytest.mark.usefixtures("drawn")
def test_without_mnist_it_is_as_far_as_mnist(monkeypatch):
    monkeypatch.delenv("DIGIT_LAB_MNIST")
    assert status("handwriting").state == "remote"
    with pytest.raises(DataUnavailable, match="MNIST is not available"):
        load("handwriting", network=NOWHERE)


def test_the_command_writes_any_of_them_as_one_file(places, capsys):
    assert main(["mnist-5k", "--npz", str(places / "digits")]) == 0
    data = load("mnist-5k")
    with np.load(places / "digits") as file:
        np.testing.assert_array_equal(file["x_train"], data.train_images)
        np.testing.assert_array_equal(file["y_test"], data.test_labels)
        assert set(file) == {"x_train", "y_train", "x_test", "y_test"}
    capsys.readouterr()
    assert main(["mnist-5k", "--npz", str(places / "nowhere/digits.npz")]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert "No such file or directory" in err


def test_asking_for_it_loads_nothing_that_draws():
    script = "import sys; from core.data.datasets import status; status('handwriting'); print('PIL' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True).strip() == "False"
