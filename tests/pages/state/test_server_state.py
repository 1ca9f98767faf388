"""State shared by all visitors."""

import threading

import pytest
import streamlit as st

from core.config.presets import PRESETS
from core.queue.queue import Queue
from pages.state import server_state as resources
from tests.made_runs import lay_out

WATCH = Queue.watch
"""The real one, which the fixture `app` replaces."""


def queue_threads():
    return [thread.name for thread in threading.enumerate()].count("queue")


def test_clearing_the_caches_closes_the_queue_before_a_new_one(app, monkeypatch):
    monkeypatch.setattr(Queue, "watch", WATCH)
    app()
    app("runs")
    assert queue_threads() == 1
    st.cache_resource.clear()
    assert queue_threads() == 0
    app()
    assert queue_threads() == 1


@pytest.fixture
def unwatched(runs_dir, monkeypatch):
    """A queue that changes no runs, and a cache that does not expire."""
    monkeypatch.setattr(Queue, "watch", lambda _queue: None)
    monkeypatch.setattr(resources, "SAME_SECONDS", 3600.0)
    return runs_dir


def ids():
    return [run.id for run in resources.look().runs if not run.shipped]


def test_a_rerun_reads_the_runs_once_unless_it_changes_one_or_takes_long(unwatched, monkeypatch):
    assert ids() == []
    run = lay_out(unwatched, "finished").id
    assert ids() == []
    found = []
    other = threading.Thread(target=lambda: found.extend(ids()))
    other.start()
    other.join()
    assert found == [run]
    resources.store().delete(run)
    assert ids() == []
    added = resources.queue().submit(PRESETS["mlp-512"])
    assert ids() == [added]
    monkeypatch.setattr(resources, "SAME_SECONDS", 0.0)
    appeared = lay_out(unwatched, "finished").id
    assert set(ids()) == {added, appeared}
