"""Out-of-sample predictions of training digits: they find wrong labels, and the job resumes, stops and reports."""

import json
import math
from functools import cache

import numpy as np
import pytest

from core.analysis.label_quality import suspected
from core.config.presets import PRESETS
from core.data.datasets import load
from core.errors import DigitLabError
from core.runs.cross_validation import FILE, JOB_FILE, CrossValidation, fold_of_each, read_out_of_sample
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.reporter import Reporter
from core.runs.status import Status
from core.training.cross_validation import cross_validate
from tests.core.training.conftest import start

CONFIG = PRESETS["mlp"].replace(
    dataset="mnist-5k", validation="none", hidden_units=(64,), optimizer="adam", batch_size=128, epochs=10
)
SMALL = CONFIG.replace(hidden_units=(4,))
FLIPPED = 20


@cache
def digits():
    data = load("mnist-5k")
    return np.asarray(data.train_images), np.asarray(data.train_labels)


def job_folder(path, *, config=CONFIG, rates=(0.003,) * 10, folds=3):
    """The folder of a job that its worker takes over."""
    job = CrossValidation("a-run", tuple(rates), folds)
    status = Status(state="starting", owner=Owner.this())
    return RunFolder.create(path, config, status, files={JOB_FILE: job.to_json()}), job


def validated(folder, job, config, images, labels, *, stop_at=None):
    """The states that the job reported, and its final status; it is asked to stop after this many epochs."""
    seen = []

    def notify(status):
        seen.append(status)
        if status.epoch == stop_at and not folder.control.pending:
            folder.control.ask("stop")

    with Reporter(folder, notify=notify) as reporter:
        cross_validate(folder, reporter, job, config, images=images, labels=labels, precision="float32")
    return seen, folder.status()


@pytest.mark.slow  # how good the suspicions are; that the worker makes them is tested below
def test_most_of_twenty_wrong_labels_are_among_the_first_suspected(tmp_path):
    images, labels = digits()
    random = np.random.default_rng(3)
    flipped = random.choice(len(labels), FLIPPED, replace=False)
    wrong = labels.copy()
    wrong[flipped] = (labels[flipped] + random.integers(1, 10, FLIPPED)) % 10
    folder, job = job_folder(tmp_path)
    seen, status = validated(folder, job, CONFIG, images, wrong)
    found = read_out_of_sample(folder.path / FILE, CONFIG)
    np.testing.assert_array_equal(found.answers.labels, wrong)
    table = suspected(found.answers)
    hit = table.index.isin(flipped)
    assert hit.sum() >= 13
    assert hit[:30].sum() >= 11
    rows = table[hit]
    assert (rows["predict"].to_numpy() == labels[rows.index]).mean() > 0.8
    assert status.state == "finished"
    assert [each.epoch for each in seen] == sorted(each.epoch for each in seen)
    assert seen[-1].epoch == 30


def test_a_stopped_job_keeps_its_finished_folds_and_resumes_with_the_next(tmp_path):
    images, labels = (array[:300] for array in digits())
    folder, job = job_folder(tmp_path, config=SMALL, rates=[0.002], folds=2)
    # not the predictions of this fold's digits
    np.save(folder.path / "fold-0.npy", np.zeros((3, 10), np.float16))
    seen, status = validated(folder, job, SMALL, images, labels, stop_at=1)
    assert status.state == "stopped"
    assert str(status.message) == "Stopped with 1 of 2 folds finished; they are kept."
    assert not (folder.path / FILE).exists()
    kept = np.load(folder.path / "fold-0.npy")
    folder.control.take()
    seen, status = validated(folder, job, SMALL, images, labels)
    assert (status.state, {each.epoch for each in seen}) == ("finished", {1, 2})
    fold = fold_of_each(labels, 2, SMALL.seed)
    with np.load(folder.path / FILE) as file:
        found = file["log_probabilities"]
    np.testing.assert_array_equal(found[fold == 0], kept)
    assert len(np.unique(found[fold == 1], axis=0)) > 50


def test_a_loss_that_becomes_nan_is_reported(tmp_path):
    images, labels = (array[:300] for array in digits())
    folder, job = job_folder(tmp_path, config=SMALL, rates=[math.nan] * 2)
    with pytest.raises(DigitLabError, match=r"The loss became NaN in fold 1\."):
        validated(folder, job, SMALL, images, labels)


def test_the_worker_cross_validates_a_job(tmp_path):
    config = SMALL.replace(validation="last-20", weight_averaging=True, batch_normalization=True)
    folder, _ = job_folder(tmp_path, config=config, rates=[0.002], folds=2)
    folder.change_status(owner=None, state="interrupted")
    process = start("core.training", str(folder.path))
    _, err = process.communicate(timeout=120)
    status = folder.status()
    assert status.state == "finished", err
    assert len(read_out_of_sample(folder.path / FILE, config).answers) == 3_200
    assert "precision" in json.loads((folder.path / "run.json").read_text())["environment"]
