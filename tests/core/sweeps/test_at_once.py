"""A sweep on a machine or cluster with room for several runs."""

import threading
from pathlib import Path

import pytest

from core.cluster.keeper import Keeper
from core.cluster.overview import ClusterOverview, NodeShown, overview_file, write_overview
from core.runs.manifest import Group
from core.runs.owner import Owner
from core.runs.terms import Terms
from core.server.limits import Settings
from tests.core.sweeps.conftest import a_sweep
from tests.core.sweeps.pretended import Held, Threads, _Thread, train
from tests.core.training.conftest import wait_until


class Gathered(Threads):
    """The first and the last runs of so many train only once three of them do at once."""

    def __init__(self, runs):
        super().__init__()
        self.barrier = threading.Barrier(3, timeout=30)
        self.places = iter(range(runs))
        self.runs = runs

    def launch(self, folder):
        place = next(self.places)
        if 3 <= place < self.runs - 3:
            return super().launch(folder)
        thread = threading.Thread(target=lambda: (self.barrier.wait(), train(folder)), daemon=True)
        thread.start()
        return _Thread(thread)


class Counted(Threads):
    """Notes how many runs train whenever another one starts."""

    def __init__(self, pause):
        super().__init__(pause)
        self.threads = []
        self.at_once = []

    def launch(self, folder):
        self.threads.append(super().launch(folder))
        self.at_once.append(sum(thread.poll() is None for thread in self.threads))
        return self.threads[-1]


class Sudden(Threads):
    """Each run ends between the look of its sweep at it and that of the queue."""

    def __init__(self):
        super().__init__()
        self.asked = []
        """How many trials the sweep has when each run has begun."""
        self.go_on = threading.Event()
        self.thread = None

    def launch(self, folder):
        self.go_on = go_on = threading.Event()
        folder.change_status(state="training")

        def work():
            go_on.wait(30)
            train(folder)

        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()
        return _Thread(self.thread)

    def end(self, records):
        if not self.go_on.is_set():
            self.asked.append(len(records))
        self.go_on.set()
        self.thread.join()


def runs_of(runs, folder):
    return [run for run in runs.runs() if run.manifest.group == Group("sweep", folder.id)]


@pytest.mark.parametrize(
    ("varied", "given"),
    [
        ((), {"sampler": "tpe"}),
        (("learning_rate=0.001,0.002,0.003,0.004,0.005",), {"sampler": "grid", "seeds": 2}),
    ],
    ids=["tpe", "grid"],
)
def test_as_many_trials_are_under_way_as_there_is_room_for(make_driver, runs, varied, given):
    seeds = given.get("seeds", 1)
    launcher = Gathered(5 * seeds + 3)
    driver = make_driver(a_sweep(*varied, trials=5, confirm=3, **given), launcher=launcher, slots=3)
    assert driver.run().state == "finished"
    *trials, again = driver.folder.trials()
    assert [trial.number for trial in trials] == list(range(5))
    assert len({trial.values["learning_rate"] for trial in trials}) == 5
    assert [trial.state for trial in trials] == ["complete"] * 5
    made = [run for trial in (*trials, again) for run in trial.runs]
    assert sorted(made) == sorted(run.id for run in runs_of(runs, driver.folder))
    assert [runs.find(run).manifest.config.seed for run in again.runs] == [seeds + place for place in (1, 2, 3)]


def test_no_trial_is_asked_for_while_one_under_way_needs_the_room_for_its_next_seed(make_driver):
    launcher = Sudden()
    driver = make_driver(a_sweep(trials=3, seeds=2), launcher=launcher, notify=launcher.end)
    assert driver.run().state == "finished"
    assert launcher.asked == [1, 1, 2, 2, 3, 3]


def test_a_stop_ends_all_that_is_under_way_and_a_pause_lets_it_end(make_driver, runs):
    launcher = Held()
    driver = make_driver(a_sweep(trials=9), launcher=launcher, slots=2)
    thread = threading.Thread(target=driver.run)
    thread.start()
    wait_until(lambda: [run.status.state for run in runs_of(runs, driver.folder)] == ["training"] * 2)
    driver.folder.files.control.ask("pause")
    wait_until(lambda: not driver.folder.files.control.pending)
    launcher.go.set()
    thread.join(20)
    assert str(driver.folder.files.status().message) == "Paused. Resume to make the remaining trials."
    assert [trial.state for trial in driver.folder.trials()] == ["complete"] * 2
    launcher = Held()
    driver = make_driver(driver.folder, launcher=launcher, slots=2)
    thread = threading.Thread(target=driver.run)
    thread.start()
    wait_until(lambda: [run.status.state for run in runs_of(runs, driver.folder)].count("training") == 2)
    under_way = [run.folder.control for run in runs_of(runs, driver.folder) if run.status.state == "training"]
    driver.folder.files.control.ask("stop")
    wait_until(lambda: all(control.pending for control in under_way))
    launcher.go.set()
    thread.join(20)
    assert [trial.state for trial in driver.folder.trials()] == ["complete"] * 2 + ["stopped"] * 2


def test_a_visitor_with_one_place_has_one_trial_under_way_whatever_the_room(make_driver):
    launcher = Counted(pause=0.05)
    terms = Terms("a" * 64, 120.0)
    settings = Settings(most_runs_each=1, most_minutes=2)
    driver = make_driver(a_sweep(trials=3), launcher=launcher, slots=3, settings=settings, terms=terms)
    assert driver.run().state == "finished"
    assert launcher.at_once == [1, 1, 1]
    assert [trial.state for trial in driver.folder.trials()] == ["complete"] * 3


def test_a_cluster_has_room_for_as_many_as_its_nodes_bear(runs):
    keeper = Keeper(runs)
    assert not keeper.has_more([])
    overview_file(runs.runs_dir).parent.mkdir(parents=True)
    nodes = tuple(NodeShown(name, 4, 0, 8, slots) for name, slots in (("a", 2), ("b", 1), ("head", 0)))
    write_overview(runs.runs_dir, ClusterOverview(Owner.this(), nodes))
    assert keeper.has_more([Path("1"), Path("2")])
    assert not keeper.has_more([Path("1"), Path("2"), Path("3")])
