"""The run whose matrix is measured."""

import numpy as np

from benchmarks.classes import _finished
from benchmarks.setting import Setting
from core.runs.predictions import read_answers


def test_the_measured_run_confuses_a_hundred_classes_less_after_each_epoch(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    run = _finished(Setting(tmp_path, quick=True, dataset="mnist-5k"))
    config = run.manifest().config
    accuracies = [read_answers(run, config, epoch, "test").accuracy for epoch in (1, 2, 3)]
    np.testing.assert_allclose(accuracies, [0.2, 0.4, 0.6], atol=0.05)
    assert len(config.data.classes) == 100
