"""A page that ticks for half an hour: the server leaks no memory, files or threads."""

import threading
from dataclasses import dataclass
from statistics import median

import pytest

from benchmarks.serving import APP, serving
from benchmarks.watchers import watch
from core.runs.store import RunStore
from tests.load.conftest import StubTraining

MINUTES = 30
SAMPLE_SECONDS = 5
WARM_SHARE, WINDOW_SHARE = 0.1, 0.2
"""Shares of the time: ignored at the start, and compared at the start and at the end of the rest."""
GROWTH, POINT_BYTES = 1.03, 1000
"""Allowed growth of memory, and bytes that a session may need for each point that it shows."""


@dataclass(frozen=True)
class Sample:
    """The server's memory in bytes, open files and threads at one time."""

    memory: int
    files: int
    threads: int


@pytest.mark.slow
def test_a_page_that_ticks_for_half_an_hour_leaks_nothing(tmp_path, record_property):
    samples, over = [], threading.Event()
    store = RunStore(tmp_path / "runs")
    with StubTraining(store.runs_dir) as training, serving(APP, tmp_path, store.runs_dir) as server:
        training.go.set()
        query = f"run={training.folder.id}"

        def look():
            while not over.wait(SAMPLE_SECONDS):
                with server.process.oneshot():
                    held = server.process.memory_full_info().uss, server.process.num_fds(), server.process.num_threads()
                samples.append(Sample(*held))

        observer = threading.Thread(target=look, daemon=True)
        observer.start()
        (visit,) = watch(server.address, query, watchers=1, seconds=60 * MINUTES)
        over.set()
        observer.join()
    assert visit.dropped == ""
    assert len(visit.ticks) >= 0.9 * 60 * MINUTES
    whole = samples[int(WARM_SHARE * len(samples)) :]
    window = max(1, int(WINDOW_SHARE * len(whole)))
    begin, end = (
        {name: median(getattr(sample, name) for sample in part) for name in ("memory", "files", "threads")}
        for part in (whole[:window], whole[-window:])
    )
    print(f"{len(visit.ticks)} ticks, {visit.points} points; first {begin}, last {end}")
    record_property("figures", {"first": begin, "last": end, "ticks": len(visit.ticks)})
    assert end["memory"] <= GROWTH * begin["memory"] + POINT_BYTES * training.points
    assert end["files"] <= begin["files"]
    # each tick runs in its own thread
    assert end["threads"] <= begin["threads"] + 1
