"""What a refresh of a run's charts draws, and when the whole page follows."""

from functools import partial

import pytest
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import local_script_runner

from core.runs.owner import Owner
from core.runs.store import RunStore
from pages.shared import live_run
from pages.state.tick import TICK_SECONDS
from tests.pages.shown import chart, keys, texts


@pytest.fixture
def refresh(monkeypatch):
    """Rerun the page's last part that refreshes itself, as a browser does."""
    parts = []

    def note(message):
        if message.HasField("auto_rerun"):
            parts.append(message.auto_rerun.fragment_id)

    monkeypatch.setattr(ForwardMsgQueue, "_before_enqueue_msg", note)

    def rerun(test):
        with monkeypatch.context() as patch:
            patch.setattr(local_script_runner, "RerunData", partial(RerunData, fragment_id=parts[-1]))
            test.run()

    return rerun


def test_the_first_points_after_start_are_drawn_before_the_whole_page(app, runs_dir, refresh):
    test = app(preset="mlp-512", dataset="mnist-5k")
    test.button(key="train.start").click().run()
    (run,) = [run for run in RunStore(runs_dir).runs() if not run.shipped]
    run.folder.change_status(state="starting", owner=Owner.this())
    refresh(test)
    assert "Starting" in texts(test)
    run.folder.batches_csv.write_text("epoch,batch,loss,accuracy,images_per_second\n1,12,1.25,0.61,9000\n", "utf-8")
    run.folder.change_status(state="training", batch=12)

    refresh(test)
    assert chart(test, "loss")["Batches"]["y"] == [1.25]
    assert not test.title

    refresh(test)
    assert test.title
    assert "watch.pause" in keys(test)
    # the browser may not have got the last message yet
    assert chart(test, "loss")["Batches"]["y"] == [1.25]


def test_a_run_that_does_not_begin_is_soon_asked_for_less_often(app, monkeypatch):
    intervals = []

    def note(message):
        if message.HasField("auto_rerun"):
            intervals.append(message.auto_rerun.interval)

    monkeypatch.setattr(ForwardMsgQueue, "_before_enqueue_msg", note)
    test = app(preset="mlp-512", dataset="mnist-5k")
    test.button(key="train.start").click().run()
    assert min(intervals) == pytest.approx(live_run.SOON_SECONDS)
    intervals.clear()
    monkeypatch.setattr(live_run, "PATIENT_SECONDS", 0)
    test.run()
    assert min(intervals) == TICK_SECONDS


def test_a_change_while_a_run_trains_is_drawn_with_the_whole_page_at_once(app, make_run, refresh):
    run = make_run("training")
    test = app()
    run.change_status(state="paused")
    refresh(test)
    assert test.title
    assert "watch.resume" in keys(test)
