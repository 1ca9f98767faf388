"""How long a sweep will take, on this machine and on a cluster."""

from dataclasses import replace

import pytest

from core.cluster.overview import ClusterOverview, NodeShown, overview_file, write_overview
from core.environment import cores
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import Status
from core.server.limits import Settings
from core.sweeps.capacity import Capacity, capacity
from core.sweeps.estimate import estimate
from tests.core.sweeps.conftest import a_sweep
from tests.core.sweeps.pretended import train


@pytest.fixture
def trained(runs):
    """A run of the sweep's own settings whose epochs took a second each with two threads."""
    folder = RunFolder.create(runs.runs_dir, a_sweep().config, Status(state="starting", owner=Owner.this()))
    manifest = folder.manifest()
    folder.write_manifest(replace(manifest, environment={"cores": 64, "threads": 2}))
    train(folder)
    return runs


@pytest.fixture
def two_nodes(runs):
    """A cluster as it was last seen."""
    overview_file(runs.runs_dir).parent.mkdir(parents=True)
    nodes = (NodeShown("a", 4, 0, 8, 3), NodeShown("b", 2, 0, 8, 1))
    write_overview(runs.runs_dir, ClusterOverview(Owner.this(), nodes))


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({"threads": 2}, 22 * 7),
        # each with half of the threads, so at worst as long as in turn
        ({"threads": 1, "runs_at_once": 2}, (5 * 2 + 1) * 10),
        ({"ray": "auto", "ray_cpus": 2}, (3 * 2 + 1) * 7),
    ],
    ids=["in-turn", "two-at-once", "cluster"],
)
@pytest.mark.usefixtures("two_nodes")
def test_a_sweep_takes_the_turns_that_its_runs_need_where_they_train(trained, settings, seconds):
    sweep = a_sweep(trials=10, seeds=2, confirm=2)
    takes = estimate(sweep, trained.runs(), trained.runs_dir, Settings(**settings))
    assert (takes.runs, takes.seconds) == (22, seconds)


def test_how_long_a_cluster_takes_is_unknown_until_it_has_a_node(trained):
    takes = estimate(a_sweep(), trained.runs(), trained.runs_dir, Settings(ray="auto"))
    assert (takes.seconds, takes.capacity.at_once) == (None, 0)


@pytest.mark.usefixtures("two_nodes")
def test_as_many_train_at_once_as_machine_nodes_and_limits_bear(runs):
    assert capacity(Settings(), runs.runs_dir) == Capacity(1, cores())
    assert capacity(Settings(runs_at_once=4, threads=3, most_runs_each=2), runs.runs_dir) == Capacity(2, 3)
    assert capacity(Settings(ray="auto", ray_cpus=2), runs.runs_dir) == Capacity(4, 2, cluster=True)
