"""A training that was prepared ahead is the same as one that was not."""

import csv

import numpy as np

from core.config.presets import PRESETS
from core.data.datasets import load, split
from core.runs.first_updates import read_steps
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.reporter import Reporter
from core.runs.status import Status
from core.training import rehearsal
from core.training.evaluation import HeldOut
from core.training.fit import fit
from core.training.precision import choose_precision
from core.training.rehearsal import prepare_for

CONFIG = PRESETS["mlp"].replace(
    dataset="mnist-5k", epochs=1, hidden_units="24", dropout=0.5, schedule="one_cycle", weight_averaging=True
)


def trained(runs_dir, config, ahead):
    folder = RunFolder.create(runs_dir, config, Status(state="starting", owner=Owner.this()))
    data = load(config.dataset)
    parts = split(data, config.validation)
    held_out = HeldOut.of(data, parts, config.validation)
    with Reporter(folder) as reporter:
        fit(
            config,
            folder,
            reporter,
            images=parts.train_images,
            labels=parts.train_labels,
            held_out=held_out,
            precision=choose_precision(config.precision),
            ahead=ahead,
        )
    return folder


def test_it_is_the_same_and_is_used_only_by_a_run_with_its_settings(tmp_path):
    ahead, other = prepare_for(CONFIG), prepare_for(CONFIG.replace(seed=2))
    prepared, usual = trained(tmp_path / "ahead", CONFIG, ahead), trained(tmp_path / "usual", CONFIG, other)
    assert int(ahead.model.optimizer.iterations) == CONFIG.updates_per_epoch
    assert int(other.model.optimizer.iterations) == 0
    for epoch in (0, 1):
        found, expected = (np.load(run.predictions(epoch))["test"] for run in (prepared, usual))
        np.testing.assert_array_equal(found, expected)
    losses = [
        [row["loss"] for row in csv.DictReader(run.batches_csv.read_text().splitlines())] for run in (prepared, usual)
    ]
    assert losses[0] == losses[1]
    steps = [read_steps(run) for run in (prepared, usual)]
    np.testing.assert_array_equal(steps[0].weights, steps[1].weights)
    np.testing.assert_array_equal(steps[0].loss, steps[1].loss)


def test_nothing_is_prepared_for_large_networks_and_for_data_that_may_change(monkeypatch):
    assert prepare_for(CONFIG.replace(hidden_units="4096", batch_size=2000)) is None
    monkeypatch.setattr(rehearsal, "BUILT_IN", {})
    assert prepare_for(CONFIG) is None
