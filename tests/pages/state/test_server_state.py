"""What all visitors share."""

import threading

import pytest
import streamlit as st

from core.config.presets import PRESETS
from core.queue.queue import Queue
from pages.state import server_state as resources
from tests.pages.conftest import lay_out

WATCH = Queue.watch
"""The real one, which the fixture `app` replaces."""


def watching():
    return [thread.name for thread in threading.enumerate()].count("queue")


def test_there_is_one_queue_at_a_time_however_often_the_caches_are_emptied(app, monkeypatch):
    monkeypatch.setattr(Queue, "watch", WATCH)
    app()
    app("runs")
    assert watching() == 1
    st.cache_resource.clear()
    assert watching() == 0
    app()
    assert watching() == 1


@pytest.fixture
def unwatched(runs_dir, monkeypatch):
    """Runs that change only when a test changes them."""
    monkeypatch.setattr(Queue, "watch", lambda _queue: None)
    monkeypatch.setattr(resources, "SAME_SECONDS", 3600.0)
    return runs_dir


def ids():
    return [run.id for run in resources.look().runs if not run.shipped]


def test_a_script_looks_at_the_runs_once_and_the_next_one_again(unwatched):
    assert ids() == []
    appeared = lay_out(unwatched, "finished").id
    assert ids() == []
    found = []
    other = threading.Thread(target=lambda: found.extend(ids()))
    other.start()
    other.join()
    assert found == [appeared]


def test_what_a_script_changes_it_sees(unwatched):
    run = lay_out(unwatched, "finished").id
    assert ids() == [run]
    resources.store().delete(run)
    assert ids() == []
    added = resources.queue().submit(PRESETS["mlp-512"])
    assert ids() == [added]


def test_a_script_that_takes_long_looks_again(unwatched, monkeypatch):
    monkeypatch.setattr(resources, "SAME_SECONDS", 0.0)
    assert ids() == []
    appeared = lay_out(unwatched, "finished").id
    assert ids() == [appeared]
