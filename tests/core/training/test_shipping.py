"""Shipping a finished run: smaller files, the same results and predictions."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from core.data.datasets import load as load_digits
from core.errors import DigitLabError
from core.export.keras_files import keras_model
from core.export.shipping import MOVED, main, ship, shortened
from core.inference import load
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.predictions import parts, predicted_epochs, read_answers
from core.runs.weights import weighted_epochs


@pytest.fixture(scope="module")
def shipped(finished_cnn, tmp_path_factory):
    to = tmp_path_factory.mktemp("shipped")
    command = [sys.executable, "-m", "core.export.shipping", str(finished_cnn.path), "small", "--to", str(to)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["Epoch 0", "Epoch 1", "Epoch 2", "small"]
    return RunFolder(to / "small")


def test_the_shipped_run_has_its_own_name_and_no_owner(finished_cnn, shipped):
    assert shipped.manifest().name == "small"
    assert shipped.manifest().config == finished_cnn.manifest().config
    now, before = (json.loads((folder.path / "status.json").read_text()) for folder in (shipped, finished_cnn))
    assert now == before | {"owner": None, "heartbeat": 0.0}
    for name in ("epochs.csv", "batches.csv", "architecture.json", "network.tflite"):
        assert (shipped.path / name).read_bytes() == (finished_cnn.path / name).read_bytes()
    assert not list(shipped.path.glob("model.*"))
    assert size(shipped.path) < size(finished_cnn.path) / 4


def size(path):
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def test_predicted_classes_and_losses_do_not_change(finished_cnn, shipped):
    config = shipped.manifest().config
    for part in parts(config):
        for epoch in (0, 1, 2):
            now, before = (read_answers(folder, config, epoch, part) for folder in (shipped, finished_cnn))
            rows = np.arange(len(now.labels))
            np.testing.assert_array_equal(now.labels, before.labels)
            for of in (now.labels, before.log_probabilities.argmax(axis=1)):
                np.testing.assert_array_equal(now.log_probabilities[rows, of], before.log_probabilities[rows, of])
            np.testing.assert_array_equal(now.log_probabilities.argmax(axis=1), before.log_probabilities.argmax(axis=1))
            moved = np.abs(np.exp(now.log_probabilities) - np.exp(before.log_probabilities)).max()
            assert moved <= 1.01 * MOVED


def test_the_shipped_weights_give_the_same_predictions_with_and_without_keras(shipped, tmp_path):
    images = np.asarray(load_digits("mnist-5k").test_images, np.float32) / 255
    for epoch in weighted_epochs(shipped):
        stored = np.exp(read_answers(shipped, shipped.manifest().config, epoch, "test").log_probabilities)
        shares = load(shipped, epoch).probabilities(images)
        np.testing.assert_array_equal(shares.argmax(axis=1), stored.argmax(axis=1))
        (tmp_path / "any.keras").write_bytes(keras_model(shipped, epoch))
        model = keras.models.load_model(tmp_path / "any.keras")
        assert {weight.dtype for weight in model.weights} == {"float32"}
        np.testing.assert_allclose(model(images[:50, ..., None]).numpy(), shares[:50], atol=1e-5)


def test_only_the_given_the_best_and_the_last_epoch_are_shipped(finished_cnn, tmp_path, capsys):
    assert main([str(finished_cnn.path), "few", "--to", str(tmp_path), "--epochs", "0,7"]) == 0
    few, best = RunFolder(tmp_path / "few"), finished_cnn.status().best_epoch
    assert weighted_epochs(few) == (0, best)
    assert predicted_epochs(few) == tuple(sorted({0, best, finished_cnn.status().epoch}))
    assert "few" in capsys.readouterr().out


@pytest.mark.slow
def test_shipping_again_gives_the_same_files(finished_cnn, shipped, tmp_path):
    for _ in range(2):
        list(ship(finished_cnn, tmp_path, "small"))
    assert [path.name for path in tmp_path.iterdir()] == ["small"]
    for path in shipped.path.rglob("*"):
        if path.is_file():
            assert (tmp_path / "small" / path.relative_to(shipped.path)).read_bytes() == path.read_bytes(), path.name


def test_unlikely_classes_are_rounded_and_stay_unlikely():
    random = np.random.default_rng(3)
    logits = random.normal(0, 8, (2000, 10))
    logs = (logits - np.logaddexp.reduce(logits, axis=1)[:, None]).astype(np.float16).astype(np.float32)
    labels = random.integers(0, 10, 2000).astype(np.uint8)
    short = shortened(logs, labels)
    assert short.dtype == np.float16
    unlikely = logs < np.minimum(-13, np.sort(logs, axis=1)[:, -2:-1])
    unlikely[np.arange(2000), labels] = False
    assert unlikely.sum() > 5000
    # except where it would exceed the second most likely class
    assert np.mean(short[unlikely] % 1 == 0) > 0.9
    np.testing.assert_array_equal(short.argmax(axis=1), logs.argmax(axis=1))
    two = [np.sort(values.astype(np.float32), axis=1)[:, -2:] for values in (short, logs)]
    np.testing.assert_array_equal(*two)
    assert np.abs(np.exp(short.astype(float)) - np.exp(logs.astype(float))).max() <= 1.01 * MOVED


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("Big Name", {}, "cannot be a name"),
        ("../up", {}, "cannot be a name"),
        ("small", {"state": "stopped"}, "is stopped; only a finished one"),
    ],
)
def test_a_run_that_cannot_be_shipped_is_refused_and_leaves_no_files(shipped, tmp_path, capsys, name, change, said):
    status = json.loads((shipped.path / "status.json").read_text())
    source = tmp_path / "source"
    source.mkdir()
    (source / "run.json").write_bytes((shipped.path / "run.json").read_bytes())
    (source / "status.json").write_text(json.dumps(status | change))
    assert main([str(source), name, "--to", str(tmp_path / "to")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_a_run_that_lacks_a_file_does_not_replace_the_shipped_one(shipped, tmp_path):
    list(ship(shipped, tmp_path))
    before = size(tmp_path)
    (tmp_path / "source").mkdir()
    for name in ("run.json", "status.json", "epochs.csv"):
        (tmp_path / "source" / name).write_bytes((shipped.path / name).read_bytes())
    with pytest.raises(DigitLabError, match=r"batches\.csv is missing"):
        list(ship(RunFolder(tmp_path / "source"), tmp_path, "small"))
    assert size(tmp_path / "small") == before
