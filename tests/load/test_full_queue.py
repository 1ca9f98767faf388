"""A hundred runs queued at once by ten visitors, while two servers on the folder start them."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.config.run import RunConfig
from core.errors import DigitLabError
from core.queue.permissions import Access, new_key
from core.queue.queue import Queue
from core.runs.owner import Owner
from core.runs.store import RunStore
from core.server.limits import Settings
from tests.core.training.conftest import wait_until

VISITORS, RUNS_EACH = 10, 10
SETTINGS = Settings(public=True, most_runs_each=RUNS_EACH, most_runs_in_queue=VISITORS * RUNS_EACH)
TICK_SECONDS = 0.005


class StubLauncher:
    """Starts workers that finish at once, in a thread; the first one waits until all runs are queued."""

    def __init__(self, started, all_queued):
        self._started, self._all_queued = started, all_queued

    def launch(self, folder):
        self._started.append(folder.id)
        return StubWorker(folder, self._all_queued)

    def tend(self, *, busy):
        pass


class StubWorker:
    def __init__(self, folder, all_queued):
        self._folder, self._all_queued = folder, all_queued
        self._thread = threading.Thread(target=self._train)
        self._thread.start()

    def _train(self):
        self._folder.write_status(replace(self._folder.status(), state="training", owner=Owner.this().beating()))
        self._all_queued.wait()
        self._folder.write_status(replace(self._folder.status(), state="finished", owner=None, epoch=1))

    def poll(self):
        return None if self._thread.is_alive() else 0


def test_a_hundred_runs_of_ten_visitors_each_start_once_and_in_order(tmp_path):
    started, all_queued, over = [], threading.Event(), threading.Event()
    servers = []
    for _ in range(2):
        store = RunStore(tmp_path / "runs", tmp_path / "shipped")
        servers.append((store, Queue(store, launcher=StubLauncher(started, all_queued))))

    def tend(queue):
        while not over.wait(TICK_SECONDS):
            queue.tick()

    def visit(number):
        store, queue = servers[number % 2]
        access = Access(store, queue, SETTINGS, key=new_key())
        runs = [access.start(RunConfig(dataset="mnist-5k", seed=number, epochs=1)) for _ in range(RUNS_EACH)]
        with pytest.raises(DigitLabError):
            access.start(RunConfig(dataset="mnist-5k"))
        return runs

    with ThreadPoolExecutor(VISITORS + 2) as threads:
        tending = [threads.submit(tend, queue) for _, queue in servers]
        try:
            runs_by_visitor = list(threads.map(visit, range(VISITORS)))
            assert len(servers[0][1].look().waiting) == VISITORS * RUNS_EACH - 1
            queued = [run.id for run in servers[0][1].look().waiting]
            all_queued.set()
            wait_until(lambda: not servers[1][1].look().busy, 120)
        finally:
            all_queued.set()
            over.set()
        for server in tending:
            server.result()

    all_runs = [run for runs in runs_by_visitor for run in runs]
    assert Counter(started) == Counter(all_runs)
    assert started[1:] == queued
    for runs in runs_by_visitor:
        assert [run for run in started if run in runs] == runs
    states = Counter(run.status.state for run in servers[0][0].runs())
    assert states == {"finished": VISITORS * RUNS_EACH}
