"""TPE with pruning finds better settings than chance does with as many trials.

One sweep says little, since the best of twelve accuracies on 800 digits is as much luck as search: so many sweeps are
simulated with real trainings, and a real one shows that what trains them finds as much.
"""

import numpy as np
import optuna
import pytest

from benchmarks.search.simulation import best_found, by_chance, by_tpe
from benchmarks.search.trainings import Trainings
from core.queue.permissions import Access
from core.queue.queue import Queue
from core.runs.terms import Terms
from core.server.limits import Settings
from core.sweeps.driver import Driver
from core.sweeps.folder import SweepFolder, best_trial
from tests.core.sweeps.pretended import Threads
from tests.core.training.forking import FORKS, Forked

TRIALS, SWEEPS = 12, 100


@pytest.mark.slow
def test_tpe_with_pruning_finds_more_than_chance_in_many_sweeps():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    trainings = Trainings.read()
    random, tpe = (
        np.array([best_found(sweep, trainings, seed) for seed in range(SWEEPS)])
        for sweep in (by_chance(TRIALS), by_tpe(TRIALS))
    )
    noise = np.hypot(random.std(), tpe.std()) / SWEEPS**0.5
    assert tpe.mean() - random.mean() > 2 * noise


class Forks(Threads):
    """Launches real workers, which need not import TensorFlow."""

    def launch(self, folder):
        return Forked("core.training.__main__", [str(folder.path)], log=folder.log)


@pytest.mark.slow
@pytest.mark.skipif(not FORKS, reason="twelve workers that each import TensorFlow take two minutes")
def test_a_real_sweep_by_tpe_with_pruning_finds_what_chance_finds_on_average(runs):
    queue = Queue(runs, launcher=Forks())
    sweep = by_tpe(TRIALS)
    folder = SweepFolder.create(runs, sweep)
    status = Driver(folder, runs, queue, Access.of(runs, queue, Settings(), Terms())).run()
    assert (status.state, status.epoch) == ("finished", TRIALS)
    scores = Trainings.read().scores
    share = np.arange(len(scores) + 1) / len(scores)
    chance = np.sort(scores) @ np.diff(share**TRIALS)
    assert best_trial(sweep, folder.trials()).scores[0] >= chance
