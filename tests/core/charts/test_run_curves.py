"""Several runs' curves, read from their folders."""

import math

import pytest

from core.charts.run_curves import run_curves
from core.config.presets import PRESETS
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.status import Status
from core.runs.store import RunStore

CONFIG = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20")


def curves(runs, *, metric="loss", against="epoch"):
    return run_curves(runs, metric=metric, against=against, hues={run.id: f"#{i:06}" for i, run in enumerate(runs)})


@pytest.fixture
def make(tmp_path):
    def make(config, losses):
        folder = RunFolder.create(tmp_path, config, Status(state="finished"))
        rows = [(epoch, loss, 0.9, loss + 0.1, 0.8, 0.001, 2) for epoch, loss in enumerate(losses, start=1)]
        text = "\n".join(",".join(map(str, row)) for row in [EPOCH_COLUMNS, *rows])
        folder.epochs_csv.write_text(text + "\n", encoding="utf-8")
        return RunStore(tmp_path, tmp_path / "none").find(folder.id)

    return make


def test_a_curve_over_epochs_updates_or_seconds(make):
    run = make(CONFIG, [0.5, 0.4, 0.3])
    (curve,) = curves([run])
    assert (list(curve.x), list(curve.training)) == ([1, 2, 3], [0.5, 0.4, 0.3])
    assert list(curve.validation) == pytest.approx([0.6, 0.5, 0.4])
    assert list(curves([run], against="update")[0].x) == [25, 50, 75]
    assert list(curves([run], against="seconds")[0].x) == [2, 4, 6]
    assert list(curves([run], metric="accuracy")[0].training) == [0.9, 0.9, 0.9]


def test_runs_that_differ_only_in_seed_become_one_curve_with_a_band(make):
    runs = [
        make(CONFIG.replace(seed=seed), [0.5, last, 0.1][:length])
        for seed, last, length in ((1, 0.4, 2), (2, 0.2, 3), (3, 0.3, 3))
    ]
    other = make(CONFIG.replace(batch_size=50), [0.7])
    group, alone = curves([*runs, other])
    assert group.name == "A, B, C · mlp-512, 3 seeds"
    assert alone.name == "D · mlp-512"
    assert (group.color, alone.color) == ("#000000", "#000003")
    assert list(group.x) == [1, 2]
    assert list(group.training) == pytest.approx([0.5, 0.3])
    low, high = group.band
    assert (list(low), list(high)) == (pytest.approx([0.6, 0.3]), pytest.approx([0.6, 0.5]))
    assert list(alone.training) == [0.7]


def test_two_seeds_or_equal_runs_stay_separate_curves(make):
    runs = [make(CONFIG.replace(seed=seed), [0.5, 0.4]) for seed in (1, 2, 2)]
    assert [curve.name[0] for curve in curves(runs)] == ["A", "B", "C"]


def test_a_run_without_epochs_is_an_empty_curve(make):
    (curve,) = curves([make(CONFIG, [])], against="seconds")
    assert list(curve.x) == list(curve.training) == []
    assert not any(map(math.isfinite, curve.validation))
