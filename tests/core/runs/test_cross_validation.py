"""The plan of a cross-validation, its folds and its result."""

import json

import numpy as np
import pytest

from core.config.run import RunConfig
from core.errors import DigitLabError, UnreadableRun
from core.runs.cross_validation import (
    FILE,
    JOB_FILE,
    CrossValidation,
    fold_of_each,
    plan,
    read_out_of_sample,
    write_out_of_sample,
)
from core.runs.folder import EPOCH_COLUMNS
from tests.finished_models import lay_litert, lay_model

CONFIG = RunConfig(dataset="mnist-5k", validation="last-20")
COUNT = 3_200


def planned(folder):
    return plan(folder, folder.manifest(), folder.status())


def made(seed=0):
    random = np.random.default_rng(seed)
    logits = random.normal(size=(COUNT, 10))
    logs = (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float16)
    return logs, random.integers(0, 10, COUNT).astype(np.uint8)


def test_a_fold_is_trained_like_the_run_up_to_its_best_epoch(make_run):
    folder = make_run("finished", epoch=4, best_epoch=3)
    rows = [",".join(EPOCH_COLUMNS), "1,1,1,1,1,0.01,2", "2,1,1,1,1,0.003,2", "4,1,1,1,1,0.0001,2"]
    folder.epochs_csv.write_text("\n".join(rows) + "\n")
    # the damaged third row gives the rate of the settings
    assert planned(folder) == CrossValidation(folder.id, (0.01, 0.003, 0.001), folds=3)


def test_an_untrained_run_and_one_of_other_digits_are_refused(make_run):
    with pytest.raises(DigitLabError, match="no finished epoch"):
        planned(make_run("failed", epoch=0))
    folder = make_run("finished", epoch=1)
    manifest = json.loads((folder.path / "run.json").read_text())
    manifest["environment"] = {"dataset_digest": "another"}
    (folder.path / "run.json").write_text(json.dumps(manifest))
    with pytest.raises(DigitLabError, match="another version of its data set"):
        planned(folder)


@pytest.mark.parametrize(
    "lay", [lambda runs_dir: lay_model(runs_dir, "net.keras"), lay_litert], ids=["layers", "other"]
)
def test_a_network_that_was_not_trained_here_is_refused(lay, tmp_path):
    folder = lay(tmp_path)
    with pytest.raises(DigitLabError, match=f"^“{folder.manifest().name}” was read from a file"):
        planned(folder)


def test_folds_have_the_same_share_of_each_class_in_random_order():
    labels = np.repeat(np.arange(10, dtype=np.uint8), 30)
    fold = fold_of_each(labels, 3, seed=1)
    assert [np.bincount(labels[fold == number]).tolist() for number in range(3)] == [[10] * 10] * 3
    assert np.array_equal(fold, fold_of_each(labels, 3, seed=1))
    assert not np.array_equal(fold, fold_of_each(labels, 3, seed=2))
    assert not np.array_equal(fold[:30], np.arange(30) % 3)


def test_a_result_is_read_as_it_was_written(tmp_path):
    logs, labels = made()
    write_out_of_sample(tmp_path / FILE, logs, labels, CrossValidation("a", (0.1, 0.1), folds=5))
    found = read_out_of_sample(tmp_path / FILE, CONFIG)
    np.testing.assert_array_equal(found.answers.log_probabilities, logs)
    np.testing.assert_array_equal(found.answers.labels, labels)
    assert (found.folds, found.epochs) == (5, 2)
    with pytest.raises(UnreadableRun, match="cannot be read"):
        read_out_of_sample(tmp_path / FILE, CONFIG.replace(validation="none"))
    (tmp_path / FILE).write_bytes(b"PK damaged")
    with pytest.raises(UnreadableRun, match="cannot be read"):
        read_out_of_sample(tmp_path / FILE, CONFIG)
    with pytest.raises(UnreadableRun, match="is missing"):
        read_out_of_sample(tmp_path / "other", CONFIG)


@pytest.mark.parametrize("changed", [{"folds": 1}, {"rates": []}, {"rates": [-1]}, {"rates": "fast"}, {"run": None}])
def test_a_damaged_job_is_unreadable(make_run, changed):
    folder = make_run("queued")
    values = {**CrossValidation("a", (0.1,)).to_json(), **changed}
    (folder.path / JOB_FILE).write_text(
        json.dumps({name: value for name, value in values.items() if value is not None})
    )
    with pytest.raises(UnreadableRun, match=JOB_FILE):
        CrossValidation.of(folder)
