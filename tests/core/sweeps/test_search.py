"""With real trainings: TPE with pruning finds at least what chance finds."""

from statistics import fmean

import pytest

from core.config.presets import PRESETS
from core.queue.launcher import Launcher
from core.queue.permissions import Access
from core.queue.queue import Queue
from core.runs.terms import Terms
from core.server.limits import Settings
from core.sweeps.driver import Driver
from core.sweeps.folder import SweepFolder, best_trial
from core.sweeps.sweep import Sweep
from core.sweeps.variation import read_variation

BASE = PRESETS["mlp"].replace(dataset="mnist-5k", validation="last-20", epochs=4, hidden_units="64")
VARIED = ("learning_rate=0.00001..1:log", "hidden_units.1=8..128", "batch_size=32,64,128,256")


def best_accuracy(runs, **given):
    """The validation accuracy of the best of twelve trials."""
    varied = tuple(read_variation(text, BASE) for text in VARIED)
    sweep = Sweep(config=BASE, varied=varied, objective="val_accuracy", trials=12, confirm=0, **given)
    queue = Queue(runs, launcher=Launcher(Settings(), settling=0), ahead=True)
    folder = SweepFolder.create(runs, sweep)
    try:
        status = Driver(folder, runs, queue, Access.of(runs, queue, Settings(), Terms())).run()
    finally:
        queue.close()
    assert (status.state, status.epoch) == ("finished", 12)
    return best_trial(sweep, folder.trials()).scores[0]


@pytest.mark.slow
def test_tpe_with_pruning_finds_at_least_what_chance_finds_on_average(runs):
    by_chance = [best_accuracy(runs, sampler="random", sampler_seed=seed) for seed in (1, 2, 3)]
    assert best_accuracy(runs, sampler="tpe", pruner="median", sampler_seed=1) >= fmean(by_chance)
