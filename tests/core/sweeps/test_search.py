"""TPE with pruning finds better settings than chance does with as many trials.

One sweep says little, since the best of twelve accuracies on 800 digits is as much luck as search: so many sweeps are
simulated, and a real one shows that what trains them finds as much. `trained.csv` has 400 real trainings of the sweep
below at settings drawn by chance, made with NumPy in place of Keras.
"""

from pathlib import Path

import numpy as np
import optuna
import pytest

from core.config.presets import PRESETS
from core.queue.permissions import Access
from core.queue.queue import Queue
from core.runs.terms import Terms
from core.server.limits import Settings
from core.sweeps.driver import Driver
from core.sweeps.folder import SweepFolder, best_trial
from core.sweeps.samplers import distributions, pruner_of, sampler_of
from tests.core.sweeps.conftest import a_sweep
from tests.core.sweeps.pretended import Threads
from tests.core.training.forking import FORKS, Forked

TRIALS, SWEEPS = 12, 100
BASE = PRESETS["mlp"].replace(dataset="mnist-5k", validation="last-20", epochs=4, hidden_units="64")
VARIED = ("learning_rate=0.00001..1:log", "hidden_units.1=8..128", "batch_size=32,64,128,256")
TRAINED = np.loadtxt(Path(__file__).with_name("trained.csv"), delimiter=",", skiprows=1)
RATES, UNITS, SIZES = TRAINED[:, :3].T
LOSSES, ACCURACIES = TRAINED[:, 3::2], TRAINED[:, 4::2]
KEPT = ACCURACIES[np.arange(len(TRAINED)), LOSSES.argmin(axis=1)]
"""The accuracy of the epoch that a run keeps."""


def search(sampler, pruner="none"):
    return a_sweep(*VARIED, config=BASE, objective="val_accuracy", trials=TRIALS, sampler=sampler, pruner=pruner)


def near(values, chance):
    """One of the four trainings with this batch size whose other settings are nearest."""
    far = 0.2 * np.log10(RATES / values["learning_rate"]), 0.3 * (UNITS - values["hidden_units.1"]) / 120
    places = np.where(values["batch_size"] == SIZES, np.hypot(*far), np.inf)
    return chance.choice(np.argsort(places)[:4])


def simulated(sweep, seed):
    """The best accuracy of a sweep whose trials end as trainings did that had such settings."""
    chance = np.random.default_rng(seed)
    study = optuna.create_study(directions=sweep.directions, pruner=pruner_of(sweep))
    for number in range(TRIALS):
        study.sampler = sampler_of(sweep, 1000 * seed + number)
        trial = study.ask(distributions(sweep))
        training = near(trial.params, chance)
        for epoch, loss in enumerate(LOSSES[training], 1):
            trial.report(-loss, epoch)
            if epoch < BASE.epochs and trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                break
        else:
            study.tell(trial, KEPT[training])
    return study.best_value


@pytest.mark.slow
def test_tpe_with_pruning_finds_more_than_chance_in_many_sweeps():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    by_chance, by_tpe = (
        np.array([simulated(sweep, seed) for seed in range(SWEEPS)])
        for sweep in (search("random"), search("tpe", "median"))
    )
    noise = np.hypot(by_chance.std(), by_tpe.std()) / SWEEPS**0.5
    assert by_tpe.mean() - by_chance.mean() > 2 * noise


class Forks(Threads):
    """Launches real workers, which need not import TensorFlow."""

    def launch(self, folder):
        return Forked("core.training.__main__", [str(folder.path)], log=folder.log)


@pytest.mark.slow
@pytest.mark.skipif(not FORKS, reason="twelve workers that each import TensorFlow take two minutes")
def test_a_real_sweep_by_tpe_with_pruning_finds_what_chance_finds_on_average(runs):
    queue = Queue(runs, launcher=Forks())
    sweep = search("tpe", "median")
    folder = SweepFolder.create(runs, sweep)
    status = Driver(folder, runs, queue, Access.of(runs, queue, Settings(), Terms())).run()
    assert (status.state, status.epoch) == ("finished", TRIALS)
    share = np.arange(len(KEPT) + 1) / len(KEPT)
    by_chance = np.sort(KEPT) @ np.diff(share**TRIALS)
    assert best_trial(sweep, folder.trials()).scores[0] >= by_chance
