"""The data set of drawn digits: a given file, identified by its sources."""

import os
import subprocess
import sys

import numpy as np
import pytest

from core.data.__main__ import main
from core.data.datasets import DIGESTS, load, status
from core.data.download import Network
from core.errors import DataUnavailable
from core.places import ROOT

NOWHERE = Network(())


def write(path, arrays, made_of=DIGESTS["handwriting"], **changes):
    train_images, train_labels, test_images, test_labels = arrays
    fields = {"x_train": train_images, "y_train": train_labels, "x_test": test_images, "y_test": test_labels}
    np.savez(path.open("wb"), **fields | changes, made_of=made_of)


@pytest.fixture
def given(places, small, monkeypatch):
    path = places / "handwriting.npz"
    write(path, small.arrays)
    monkeypatch.setenv("DIGIT_LAB_HANDWRITING", str(path))
    return path


def test_drawn_digits_are_cached_and_need_no_mnist(given, small):
    assert status("handwriting").state == "local"
    data = load("handwriting", network=NOWHERE)
    assert (data.digest, str(data.source)) == (DIGESTS["handwriting"], "the file in DIGIT_LAB_HANDWRITING")
    np.testing.assert_array_equal(data.train_images, small.arrays.train_images)
    given.unlink()
    assert status("handwriting").state == "ready"
    np.testing.assert_array_equal(load("handwriting").test_labels, small.arrays.test_labels)


@pytest.mark.parametrize(("named", "said"), [(None, "but is not set"), ("/no/such.npz", "/no/such.npz")])
@pytest.mark.usefixtures("given")
def test_a_missing_file_is_reported_with_instructions(monkeypatch, named, said):
    monkeypatch.delenv("DIGIT_LAB_HANDWRITING")
    if named:
        monkeypatch.setenv("DIGIT_LAB_HANDWRITING", named)
    for _ in range(2):
        seen = status("handwriting")
        assert seen.state == "failed"
        assert said in str(seen.message)
        assert "python -m research.handwriting" in str(seen.message)
        with pytest.raises(DataUnavailable, match=said):
            load("handwriting", network=NOWHERE)


@pytest.mark.parametrize(
    "changes",
    [{"made_of": "another recipe"}, {"y_train": np.zeros(3, np.uint8)}, {"x_test": np.zeros((10, 27, 28), np.uint8)}],
    ids=str,
)
def test_a_file_from_other_sources_is_rejected(given, small, changes):
    write(given, small.arrays, **changes)
    with pytest.raises(DataUnavailable, match="was made differently"):
        load("handwriting", network=NOWHERE)


def test_a_failure_is_outdated_once_the_file_changes(given):
    kept = given.read_bytes()
    given.write_bytes(kept[:-300])
    with pytest.raises(DataUnavailable, match="damaged"):
        load("handwriting", network=NOWHERE)
    assert status("handwriting").state == "failed"
    given.write_bytes(kept)
    os.utime(given, (1, 1))
    assert status("handwriting").state == "local"


def test_the_command_writes_a_data_set_as_npz(places, capsys):
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


def test_its_status_imports_no_drawing_code():
    script = "import sys; from core.data.datasets import status; status('handwriting'); print('PIL' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True).strip() == "False"
