"""A run's stored predictions, valid and damaged."""

import numpy as np
import pytest

from core.config.run import RunConfig
from core.data.datasets import load
from core.errors import UnreadableRun
from core.runs.folder import RunFolder
from core.runs.predictions import dataset_of, labels_of, parts, predicted_epochs, read_answers, read_labels

CONFIG = RunConfig(dataset="mnist-5k", validation="last-20")


@pytest.fixture
def folder(tmp_path):
    folder = RunFolder(tmp_path)
    data = load("mnist-5k")
    logs = {part: logarithms(len(labels_of(data, part)), 0.5) for part in ("test", "validation")}
    folder.predictions(3).parent.mkdir()
    for epoch in (0, 3, 12):
        np.savez(folder.predictions(epoch), **logs)
    np.savez(folder.labels, **{part: labels_of(data, part) for part in logs})
    return folder


def logarithms(count, highest):
    rows = np.full((count, 10), (1 - highest) / 9)
    rows[np.arange(count), np.arange(count) % 10] = highest
    return np.log(rows).astype(np.float16)


def test_predictions_come_with_the_labels_of_their_part(folder):
    data = load("mnist-5k")
    test = read_answers(folder, CONFIG, 3, "test")
    assert test.predicted.tolist() == [i % 10 for i in range(1000)]
    assert test.labels.tolist() == data.test_labels.tolist()
    validation = read_answers(folder, CONFIG, 12, "validation")
    assert validation.labels.tolist() == data.train_labels[-800:].tolist()
    # drawn digits are tested on MNIST's
    drawn = RunConfig(dataset="handwriting")
    assert (dataset_of(drawn, "test"), dataset_of(drawn, "validation")) == ("mnist", "handwriting")


def test_epochs_are_found_in_order_and_other_files_are_ignored(folder):
    (folder.path / "predictions" / "epoch-best.npz").touch()
    (folder.path / "predictions" / ".7-draft-epoch-0009.npz").touch()
    assert predicted_epochs(folder) == (0, 3, 12)
    assert predicted_epochs(RunFolder(folder.path / "none")) == ()


def test_a_run_without_labels_takes_those_of_the_given_data(folder):
    expected = read_labels(folder, CONFIG, "validation").tolist()
    folder.labels.unlink()
    assert read_labels(folder, CONFIG, "validation", load("mnist-5k")).tolist() == expected
    with pytest.raises(UnreadableRun, match=r"labels\.npz is missing"):
        read_labels(folder, CONFIG, "validation")


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:900]),
        lambda path: path.write_bytes(b""),
        lambda path: np.savez(path, test=np.zeros((1000, 9), np.float16)),
        lambda path: np.savez(path, test=np.zeros((999, 10), np.float16)),
        lambda path: np.savez(path, test=np.zeros((1000, 10), np.float64)),
        lambda path: np.savez(path, test=np.full((1000, 10), np.nan, np.float16)),
        lambda path: np.savez(path, test=np.full((1000, 10), 3, np.float16)),
        lambda path: np.savez(path, test=np.array([{}], dtype=object)),
        lambda path: np.savez(path, other=np.zeros((1000, 10), np.float16)),
    ],
)
def test_a_damaged_epoch_is_reported_by_its_file(folder, damage):
    damage(folder.predictions(3))
    with pytest.raises(UnreadableRun, match=r"epoch-0003\.npz"):
        read_answers(folder, CONFIG, 3, "test")


def test_invalid_labels_are_reported(folder):
    np.savez(folder.labels, test=np.full(1000, 10, np.uint8))
    with pytest.raises(UnreadableRun, match=r"labels\.npz"):
        read_answers(folder, CONFIG, 3, "test")


def test_only_held_out_training_images_make_a_second_part():
    assert parts(CONFIG) == ("test", "validation")
    assert parts(CONFIG.replace(validation="test")) == ("test",)
    assert parts(CONFIG.replace(validation="none")) == ("test",)
