"""What comes next, foreseen while a run trains."""

import math
import threading

import pytest

from core.sweeps.folder import SweepFolder
from core.sweeps.study import Study
from tests.core.sweeps.conftest import a_sweep
from tests.core.sweeps.pretended import Threads, _Thread, train
from tests.core.training.conftest import wait_until

RANGES = ("learning_rate=0.0001..0.1:log", "dropout=0..0.5")


def scores_of(candidate, second):
    """Deterministic, and different for each trial."""
    first = 0.1 + (math.log10(candidate.values["learning_rate"]) + 2.5) ** 2
    return [first, float(candidate.number % 3)][: 2 if second else 1]


@pytest.mark.parametrize(
    ("given", "trials"),
    [
        ({"sampler": "random"}, 4),
        ({"sampler": "grid"}, 4),
        ({"sampler": "tpe", "pruner": "hyperband"}, 12),
        ({"sampler": "cmaes"}, 7),
        ({"sampler": "nsga2", "second": "parameters"}, 8),
    ],
    ids=lambda each: each.get("sampler") if isinstance(each, dict) else "",
)
def test_the_next_trial_is_foreseen_by_the_scores_with_which_one_ends(runs, given, trials):
    sweep = a_sweep(*RANGES, trials=trials, **given)
    study = Study(SweepFolder.create(runs, sweep), sweep)
    foreseen = None
    for number in range(trials):
        candidate = study.ask()
        assert candidate.number == number
        assert foreseen in (None, candidate.values)
        scores = scores_of(candidate, len(sweep.directions) > 1)
        foreseen = study.foresee(number, scores)
        # only a copy was asked
        assert study.foresee(number, scores) == foreseen
        assert (foreseen is None) == (number + 1 == trials)
        study.complete(candidate, scores)


class Awaiting(Threads):
    """A run trains only once the settings of the next one are expected, but for those after which none can be."""

    LAST = (5, 7)

    def launch(self, folder):
        place, self.expected, known = len(self.foreseen), None, self.expected
        self.foreseen.append(folder.manifest().config == known)

        def work():
            wait_until(lambda: self.expected is not None or place in self.LAST)
            train(folder)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return _Thread(thread)


def test_the_queue_expects_the_settings_of_each_next_run(make_driver):
    launcher = Awaiting()
    driver = make_driver(a_sweep(trials=3, seeds=2, confirm=2, sampler="tpe"), launcher=launcher)
    assert driver.run().state == "finished"
    # nothing tells of the first run, and of the winner's only once all trials have ended
    assert [place for place, known in enumerate(launcher.foreseen) if not known] == [0, 6]
