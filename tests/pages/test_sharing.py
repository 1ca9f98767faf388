"""A public server: visitors see all runs, change only their own, and see nothing of the machine."""

import pytest

from core.drawing.collection import Collection, drawings_dir_of
from core.queue.permissions import digest_of, new_key
from core.runs.folder import Terms
from core.runs.store import RunStore
from tests.pages.conftest import texts

KEY = "visitor.key"

ANN, BOB = new_key(), new_key()
PAGES = ("train", "runs", "results", "mistakes", "inside", "draw", "data", "learn")


@pytest.fixture
def public(monkeypatch, runs_dir):  # noqa: ARG001 clears the caches
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")


@pytest.fixture
def visit(app, public):  # noqa: ARG001
    """Open a page as the visitor with this key."""

    def open_page(key, page="train", **parameters):
        test = app(page, **parameters)
        test.session_state[KEY] = key
        return test.run()

    return open_page


def owned(folder, key):
    folder.write_terms(Terms(digest_of(key), 900.0))
    return folder


def keys(test):
    return {button.key for button in test.button}


def test_a_visitor_can_control_only_their_own_run(visit, make_run):
    run = owned(make_run("training", epochs=[(1, 0.6, 0.82, 0.3, 0.91, 0.001, 2)]), ANN)
    steering = {"watch.pause", "watch.stop", "watch.apply_rate"}
    assert steering <= keys(visit(ANN, run=run.id))
    theirs = visit(BOB, run=run.id)
    assert not steering & keys(theirs)
    assert "Somebody else's run." in texts(theirs)
    assert "job.stop" in keys(visit(ANN, "runs"))
    assert "job.stop" not in keys(visit(BOB, "runs"))


def test_an_outdated_button_has_no_effect(visit, make_run):
    run = owned(make_run("training", epochs=[(1, 0.6, 0.82, 0.3, 0.91, 0.001, 2)]), ANN)
    page = visit(ANN, run=run.id)
    owned(run, BOB)
    page.button(key="watch.stop").click().run()
    assert not run.has_requests
    assert any("somebody else" in toast.value for toast in page.toast)


def test_a_visitor_can_cancel_only_their_own_queued_run_and_move_none(visit, make_run):
    make_run("training", epochs=[(1, 0.6, 0.82, 0.3, 0.91, 0.001, 2)])
    mine, theirs = owned(make_run("queued", epochs=[]), ANN), owned(make_run("queued", epochs=[]), BOB)
    found = keys(visit(ANN))
    assert f"queue.cancel.{mine.id}" in found
    assert f"queue.cancel.{theirs.id}" not in found
    assert not any(key.startswith(("queue.up", "queue.down")) for key in found if key)


def test_a_visitor_can_rename_and_delete_only_their_own_run(visit, make_run):
    run = owned(make_run("finished"), ANN)
    delete = f"run_edit.delete.{run.id}"
    assert delete in keys(visit(ANN, "runs", runs=run.id))
    theirs = visit(BOB, "runs", runs=run.id)
    assert delete not in keys(theirs)
    assert not theirs.text_area
    assert "Somebody else's run." in texts(theirs)


def test_every_visitor_can_open_a_link_to_a_run(visit, make_run):
    run = owned(make_run("finished", errors={3: 10}, test_accuracy=0.9), ANN)
    page = visit(BOB, "results", run=run.id)
    assert not page.exception
    assert any(metric.value == "90.00 %" for metric in page.metric)


def test_a_run_beyond_the_limits_is_rejected_in_the_form(visit):
    page = visit(ANN, epochs=31)
    assert "31 epochs are more than the 30 allowed" in texts(page)
    assert page.button(key="train.start").disabled
    assert "at most 30 epochs" in texts(page)
    assert not visit(ANN, epochs=30).button(key="train.start").disabled


def test_a_visitors_third_run_is_rejected(visit, make_run, runs_dir):
    for _ in range(2):
        owned(make_run("queued", epochs=[]), ANN)
    page = visit(ANN, preset="cnn").button(key="train.start").click().run()
    assert any("Of yours, 2" in toast.value for toast in page.toast)
    assert len([run for run in RunStore(runs_dir).runs() if not run.shipped]) == 2


def test_visitors_drawings_are_separate(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_LAB_DRAWINGS", str(tmp_path))
    folders = {drawings_dir_of(digest_of(key)[:32]) for key in (ANN, BOB)}
    assert len(folders) == 2
    for folder in folders:
        folder.mkdir(parents=True)
    everybody = Collection(drawings_dir_of(""))
    assert everybody.drawings() == []
    assert everybody.skipped == 0


def test_the_owner_sees_paths_and_logs(app, make_run, tmp_path):
    failed = make_run("failed", message=f"{tmp_path}/x is broken")
    failed.log.write_text("Traceback (most recent call last):")
    page = app(run=failed.id)
    assert str(tmp_path) in texts(page).replace("\\", "")
    assert any("Traceback" in code.value for code in page.code)


def test_a_run_can_be_pinned_if_old_ones_are_deleted(app, make_run, monkeypatch, runs_dir):
    monkeypatch.setenv("DIGIT_LAB_KEEP_RUNS", "5")
    run = make_run("finished")
    page = app("runs", runs=run.id)
    page.toggle(key=f"run_edit.pin.{run.id}").set_value(True).run()
    assert RunStore(runs_dir).find(run.id).label.pinned
