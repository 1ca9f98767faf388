"""Runs that go on from the weights of another, trained by the real worker."""

import numpy as np
import pytest

from core.config.schedule import one_cycle_factor
from core.runs.beginning import longer
from core.runs.curves import CurveReader
from core.runs.entries import Run
from core.runs.folder import BATCH_COLUMNS, RunFolder
from core.runs.owner import Owner
from core.runs.states import stored_states
from core.runs.status import Status
from core.runs.store import RunStore
from core.runs.weights import weighted_epochs
from tests.core.training.conftest import Trainer, epochs

SETTINGS = [
    "--preset=mlp", "--set=hidden_units=64", "--set=dropout=0.2", "--set=validation=last-20", "--set=schedule=plateau",
    "--set=early_stopping=val_loss", "--set=patience=6", "--set=weight_averaging=true", "--set=precision=float32",
    "--set=batch_size=400",
]  # fmt: skip
"""Everything whose state a fork must take over: optimizer, averaged weights, dropout, schedule, early stopping."""


@pytest.fixture(scope="module")
def trainer(tmp_path_factory):
    return Trainer(tmp_path_factory.mktemp("forks") / "runs")


@pytest.fixture(scope="module")
def whole(trainer):
    """A run of seven epochs."""
    return trainer.train(*SETTINGS, "--epochs=7")


def run_of(folder):
    return Run(folder=folder, manifest=folder.manifest(), status=folder.status())


def forked(trainer, *arguments):
    code, line, err = trainer.run(*arguments)
    assert code == 0, err
    return RunFolder(trainer.runs_dir / line.rpartition("/")[2])


def same_results(folder, reference):
    for name in ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"):
        found, expected = ([row[name] for row in epochs(each)] for each in (folder, reference))
        assert found == pytest.approx(expected, rel=1e-3)
    one, other = folder.status(), reference.status()
    assert (one.state, one.epoch, one.best_epoch) == (other.state, other.epoch, other.best_epoch)
    assert one.test_accuracy == pytest.approx(other.test_accuracy, rel=1e-3)
    assert one.test_loss == pytest.approx(other.test_loss, rel=1e-3)


def test_a_fork_that_changes_nothing_ends_like_the_original_and_leaves_it_as_it_was(trainer, whole):
    before = {path: path.read_bytes() for path in whole.path.rglob("*") if path.is_file()}
    fork = forked(trainer, f"--from={whole.id}", "--epoch=3", "--name=again")
    same_results(fork, whole)
    manifest = fork.manifest()
    assert (manifest.name, manifest.config) == ("again", whole.manifest().config)
    assert (manifest.origin.run, manifest.origin.epoch, manifest.origin.optimizer_kept) == (whole.id, 3, True)
    assert weighted_epochs(fork) == tuple(range(8))
    assert {path: path.read_bytes() for path in whole.path.rglob("*") if path.is_file()} == before


@pytest.mark.slow  # tests/core/training/test_one_cycle.py has the cycle, the test above going on
def test_one_cycle_goes_on_at_its_update_and_is_recorded_for_each(trainer):
    settings = ["--preset=mlp", "--set=hidden_units=16", "--set=schedule=one_cycle", "--set=batch_size=400"]
    whole = trainer.train(*settings, "--set=precision=float32", "--epochs=2")
    fork = forked(trainer, f"--from={whole.id}", "--epoch=1", "--name=again")
    same_results(fork, whole)
    recorded = [CurveReader(run.batches_csv, BATCH_COLUMNS) for run in (whole, fork)]
    rates = [[row[BATCH_COLUMNS.index("learning_rate")] for row in reader.read()] for reader in recorded]
    assert list(np.load(fork.path / "steps.npz")["slots"]) == ["momentum", "velocity"]
    # the last window ends with the last update
    assert rates[0][-1] == rates[1][-1] == pytest.approx(0.001 * one_cycle_factor(15, 16, 0.25), rel=1e-3)


@pytest.mark.slow  # a fork that changes nothing ends like its original too
def test_going_on_ends_like_a_run_that_was_planned_longer(trainer, whole):
    # the file that a longer run goes on from also has the weights that are not averaged
    short = trainer.train(*SETTINGS, "--epochs=4")
    more = longer(run_of(short), 3).create(RunStore(trainer.runs_dir), Status(state="starting", owner=Owner.this()))
    more.change_status(state="interrupted", owner=None)
    code, _, err = trainer.run("--resume", str(more.path))
    assert code == 0, err
    same_results(more, whole)


def test_states_of_the_first_the_best_and_the_last_epochs_are_kept(whole):
    assert set(stored_states(whole)) == {1, 2, 3, 5, 7, whole.status().best_epoch}


def test_a_fork_with_another_optimizer_goes_on_from_the_weights_alone(trainer, whole):
    fork = forked(trainer, f"--from={whole.id}", "--epoch=6", "--set=optimizer=sgd", "--epochs=8")
    assert fork.manifest().origin.optimizer_kept is False
    rows, old = epochs(fork), epochs(whole)
    assert [row["epoch"] for row in rows] == list(range(1, 9))
    assert [row["loss"] for row in rows[:6]] == [row["loss"] for row in old[:6]]
    # the stored weights are the averaged ones; a small step later their loss is still the same
    assert rows[6]["loss"] == pytest.approx(old[5]["val_loss"], rel=0.1)
    assert stored_states(fork) == tuple(sorted({8, fork.status().best_epoch} - set(range(7))))
