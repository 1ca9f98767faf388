"""Where a server's runs train, and the process that it keeps for a cluster."""

import subprocess
import sys

import psutil
import pytest

from core.cluster.keeper import Keeper, queue_for
from core.cluster.overview import ClusterOverview, overview_file, read_overview, write_overview
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.places import ROOT
from core.runs.owner import Owner
from core.server.limits import Settings
from tests.core.training.conftest import wait_until


@pytest.fixture
def unreachable(monkeypatch):
    """The address of a cluster that is not there."""
    monkeypatch.setenv("DIGIT_LAB_RAY", "127.0.0.1:1")
    return Settings(ray="127.0.0.1:1")


def test_without_a_cluster_ray_is_not_even_imported():
    program = "import sys, core.cluster.keeper, core.cluster.dispatcher; print('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True).stdout == b"False\n"


def test_the_process_tells_why_no_run_starts_and_ends_with_its_queue_and_server(store, unreachable):
    queue = queue_for(store, unreachable)
    run = queue.submit(RunConfig(dataset="mnist-5k"))
    queue.tick()
    wait_until(lambda: read_overview(store.runs_dir) is not None)
    shown = read_overview(store.runs_dir)
    # where Ray is not installed, that is the reason
    assert shown.problem.key in ("cluster.unreachable", "cluster.no_ray")
    assert store.find(run).status.state == "queued"
    process = psutil.Process(shown.owner.pid)
    queue.tick()
    assert read_overview(store.runs_dir).owner.pid == process.pid
    process.kill()
    process.wait(10)


def test_a_process_of_an_earlier_server_is_kept(store, monkeypatch):
    keeper = Keeper(store)
    monkeypatch.setattr(keeper, "_start", lambda: pytest.fail("a second process"))
    overview_file(store.runs_dir).parent.mkdir(parents=True)
    write_overview(store.runs_dir, ClusterOverview(Owner.this()))
    keeper.tend(busy=True)


@pytest.mark.parametrize("address", ["auto", "192.168.1.20:6379", "head.example.com:6379", ""])
def test_addresses_of_clusters(address):
    assert Settings(ray=address).ray == address


@pytest.mark.parametrize("address", ["http://x", "host", "x:y", "x:123456", 3, "a b:1", "; rm -rf /:1"])
def test_other_addresses_are_refused(address):
    with pytest.raises(DigitLabError, match=r"192\.168\.1\.20:6379"):
        Settings(ray=address)
