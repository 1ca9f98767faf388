"""Sweeps whose runs are trained by a pretended worker."""

import pytest

from core.config.presets import PRESETS
from core.queue.permissions import Access
from core.queue.queue import Queue
from core.runs.store import RunStore
from core.runs.terms import Terms
from core.server.limits import Settings
from core.sweeps.driver import Driver
from core.sweeps.folder import SweepFolder
from core.sweeps.sweep import Sweep
from core.sweeps.variation import read_variation
from tests.core.sweeps.pretended import Slots, Threads

RATES = "learning_rate=0.0001..0.1:log"


def a_sweep(*varied, config=None, **given):
    """A sweep of a short run on the MNIST sample, by default over the learning rate."""
    base = config or PRESETS["mlp"].replace(dataset="mnist-5k", validation="last-20", epochs=3, hidden_units="16")
    given = {"trials": 4, "confirm": 0, "sampler": "random"} | given
    return Sweep(config=base, varied=tuple(read_variation(text, base) for text in varied or (RATES,)), **given)


@pytest.fixture
def runs(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "shipped")


@pytest.fixture
def make_driver(runs):
    """Makes the driver of a sweep, or of a folder."""

    def make(sweep, *, launcher=None, slots=1, settings=None, terms=None, name="", **given):
        folder = sweep if isinstance(sweep, SweepFolder) else SweepFolder.create(runs, sweep, name, terms)
        queue = Queue(RunStore(runs.runs_dir, runs.shipped_dir), launcher=launcher or Threads(), room=Slots(slots))
        access = Access.of(runs, queue, settings or Settings(), terms or Terms())
        driver = Driver(folder, runs, queue, access, **given)
        driver.folder = folder
        return driver

    return make
