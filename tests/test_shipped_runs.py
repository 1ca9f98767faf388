"""The shipped runs are complete, small and match their table."""

import re

import h5py
import numpy as np
import pytest

from core.data import datasets
from core.export.keras_files import keras_model
from core.export.shipping import EPOCHS
from core.inference import load
from core.runs import predictions
from core.runs.curves import CurveReader, best_epoch
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.store import SHIPPED_DIR, SHOWN_FIRST, RunStore
from core.runs.weights import weighted_epochs

FOLDERS = [RunFolder(path) for path in sorted(SHIPPED_DIR.iterdir()) if path.is_dir()]
README = (SHIPPED_DIR / "README.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| (?P<data>[^|]+) \| (?P<epochs>\d+) \((?P<best>\d+)\) \| (?P<accuracy>[\d.]+) % "
    r"\| (?P<seeds>[\d., ]+) \| `python -m core\.training (?P<options>[^`]+)` \|$",
    re.MULTILINE,
)
TABLE = {row["name"]: row for row in ROW.finditer(README)}
OFFLINE = "cnn-16-36-5k"
"""The run whose data set is included."""
TUTORIALS = {"mlp-512", "mlp-512-overfit", "lenet-20-50", "cnn-16-36", "cnn-16-36-5k"}

every_run = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.id)


def test_the_table_lists_exactly_the_shipped_runs_which_are_below_40_mb():
    assert set(TABLE) == {folder.id for folder in FOLDERS}
    assert set(TABLE) >= TUTORIALS
    assert len(TABLE) == len(re.findall(r"^\| `", README, re.MULTILINE))
    assert sum(file.stat().st_size for file in SHIPPED_DIR.rglob("*") if file.is_file()) < 40_000_000


def test_the_example_to_show_first_is_listed_first(tmp_path):
    runs = RunStore(tmp_path).runs()
    assert len(runs) == len(FOLDERS)
    assert runs[0].id == SHOWN_FIRST
    assert all(run.shipped for run in runs)
    assert len({(run.name, run.manifest.config.dataset) for run in runs}) == len(runs)


@every_run
def test_the_command_in_the_table_gives_this_config(folder, tmp_path, monkeypatch):
    from core.training import __main__ as command

    monkeypatch.setattr(command, "_check_digits", lambda _: None)
    options = command._parser().parse_args([*TABLE[folder.id]["options"].split(), "--runs-dir", str(tmp_path)])
    assert command._new(options).manifest().config == folder.manifest().config


@every_run
def test_a_run_is_complete_without_owner_and_has_the_figures_of_the_table(folder):
    row, status, config = TABLE[folder.id], folder.status(), folder.manifest().config
    assert row["accuracy"] == f"{100 * status.test_accuracy:.2f}"
    assert (int(row["epochs"]), int(row["best"])) == (status.epoch, status.best_epoch)
    assert row["data"].strip().lower() == config.dataset
    seeds = row["seeds"].split(", ")
    assert (len(seeds), seeds[config.seed - 1]) == (3, row["accuracy"])
    assert (status.state, status.owner, status.heartbeat) == ("finished", None, 0)
    assert folder.manifest().name == folder.id
    rows = CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()
    assert [row[0] for row in rows] == list(range(1, status.epoch + 1))
    assert best_epoch(rows) == status.best_epoch
    assert CurveReader(folder.batches_csv, BATCH_COLUMNS).read()
    assert not list(folder.path.glob("model.*"))


@every_run
def test_stored_predictions_give_the_recorded_figures(folder):
    config, status = folder.manifest().config, folder.status()
    assert {status.best_epoch, status.epoch} <= set(predictions.predicted_epochs(folder))
    if folder.id in TUTORIALS:
        assert predictions.predicted_epochs(folder) == tuple(range(status.epoch + 1))
    for part in predictions.parts(config):
        for epoch in predictions.predicted_epochs(folder):
            answers = predictions.read_answers(folder, config, epoch, part)
            assert len(answers.labels) == predictions.images_in(config, part)
            np.testing.assert_allclose(np.exp(answers.log_probabilities).sum(axis=1), 1, atol=1e-3)
    for epoch, accuracy, loss in (
        (status.best_epoch, status.test_accuracy, status.test_loss),
        (status.epoch, status.last_test_accuracy, status.last_test_loss),
    ):
        answers = predictions.read_answers(folder, config, epoch, "test")
        right = answers.log_probabilities.argmax(axis=1) == answers.labels
        own = answers.log_probabilities[np.arange(len(right)), answers.labels]
        assert right.mean() == pytest.approx(accuracy, abs=1e-9)
        assert -own.mean() == pytest.approx(loss, rel=1e-3)


@every_run
def test_weights_of_selected_epochs_are_kept_as_float16(folder):
    status = folder.status()
    epochs = weighted_epochs(folder)
    assert {status.best_epoch} <= set(epochs)
    if folder.id in TUTORIALS:
        expected = {epoch for epoch in EPOCHS if epoch <= status.epoch} | {status.best_epoch, status.epoch}
        assert set(epochs) == expected
    for epoch in epochs:
        with h5py.File(folder.weights(epoch)) as file:
            kinds = set()
            file.visititems(lambda _, of, kinds=kinds: kinds.add(of.dtype.name) if hasattr(of, "dtype") else None)
        # probabilities of an untrained network are so close that float16 would change predictions
        assert kinds == {"float16"} or (epoch == 0 and kinds == {"float32"})


@pytest.mark.parametrize(
    "folder",
    [pytest.param(folder, id=folder.id, marks=[] if folder.id == OFFLINE else pytest.mark.mnist) for folder in FOLDERS],
)
def test_the_weights_give_the_stored_predictions(folder):
    config = folder.manifest().config
    data = datasets.load(predictions.dataset_of(config, "test"))
    chosen = np.random.default_rng(1).choice(len(data.test_labels), 100, replace=False)
    images = np.asarray(predictions.images_of(data, "test")[np.sort(chosen)], np.float32) / 255
    for epoch in weighted_epochs(folder):
        expected = np.exp(predictions.read_log_probabilities(folder, config, epoch, "test")[np.sort(chosen)])
        shares = load(folder, epoch).probabilities(images)
        np.testing.assert_array_equal(shares.argmax(axis=1), expected.argmax(axis=1))
        np.testing.assert_allclose(shares, expected, atol=4e-3 if folder.id in TUTORIALS else 1.4e-2)


@every_run
def test_every_epoch_can_be_exported_to_keras(folder):
    for epoch in weighted_epochs(folder):
        assert keras_model(folder, epoch)[:2] == b"PK"
