"""Rights: visitors of a public server and guests of a private one change only their own runs, and see no paths."""

from types import SimpleNamespace

import pytest
import streamlit as st

from core.drawing.collection import Collection, drawings_dir_of
from core.places import ROOT
from core.queue.permissions import digest_of, new_key
from core.runs.store import RunStore
from core.runs.terms import Terms
from pages.state import rights
from tests.pages.shown import keys, sent_texts, sentences, texts

KEY = "visitor.key"
ANN, BOB = new_key(), new_key()


@pytest.fixture
def visit(app, monkeypatch):
    """Open a page of a public server as the visitor with this key."""
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")

    def open_page(key, page="train", **parameters):
        test = app(page, **parameters)
        test.session_state[KEY] = key
        return test.run()

    return open_page


class Connection(SimpleNamespace):
    """Streamlit's data about a connection."""

    __hash__ = object.__hash__


@pytest.fixture
def connect(app, monkeypatch):
    """Open a page from this address, with these headers and this key."""

    def open_page(peer, page="train", /, *, headers=(), key=ANN, host="localhost:8501", **parameters):
        connection = Connection(remote_ip=peer, headers=[("host", host), *headers], cookies={})
        monkeypatch.setattr(rights, "_connection", lambda: connection)
        test = app(page, **parameters)
        if KEY in test.session_state:
            test.session_state[KEY] = key
            test.run()
        return test

    return open_page


def owned(folder, key):
    folder.write_terms(Terms(digest_of(key), 900.0))
    return folder


def test_a_visitor_can_control_and_cancel_only_their_own_run_move_none_and_use_no_outdated_button(visit, make_run):
    run = owned(make_run("training"), ANN)
    queued = {key: owned(make_run("queued", epochs=[]), key) for key in (ANN, BOB)}
    steering = {"watch.pause", "watch.stop", "watch.apply_rate"}
    mine, theirs = visit(ANN, run=run.id), visit(BOB, run=run.id)
    assert steering <= keys(mine)
    assert not steering & keys(theirs)
    assert "Somebody else's run." in texts(theirs)
    assert f"queue.cancel.{queued[ANN].id}" in keys(mine)
    assert f"queue.cancel.{queued[BOB].id}" not in keys(mine)
    assert not any(key.startswith(("queue.up", "queue.down")) for key in keys(mine) if key)
    assert "job.stop" in keys(visit(ANN, "runs"))
    assert "job.stop" not in keys(visit(BOB, "runs"))
    owned(run, BOB)
    mine.button(key="watch.stop").click().run()
    assert not run.control.pending
    assert any("somebody else" in toast.value for toast in mine.toast)


def test_every_visitor_can_open_a_run_but_change_only_their_own(visit, make_run):
    run = owned(make_run("finished", errors={3: 10}, test_accuracy=0.9), ANN)
    mine, theirs = visit(ANN, "runs", runs=run.id), visit(BOB, "runs", runs=run.id)
    assert not mine.button(key="runs.delete").disabled
    assert mine.button(key="runs.pin").disabled
    assert "Only the owner of this server can pin runs" in texts(mine)
    assert theirs.button(key="runs.delete").disabled
    assert "somebody else's run" in texts(theirs)
    page = visit(BOB, "results", run=run.id)
    assert any(metric.value == "90.00\xa0%" for metric in page.metric)


def test_only_who_deleted_a_run_can_bring_it_back(visit, make_run):
    run = owned(make_run("finished"), ANN)
    visit(ANN, "runs", runs=run.id).button(key="runs.delete").click().run()
    assert "runs.undo" not in keys(visit(BOB, "runs"))
    visit(ANN, "runs").button(key="runs.undo").click().run()
    assert run.path.exists()


def test_a_run_beyond_the_limits_is_rejected(visit, make_run, runs_dir):
    page = visit(ANN, epochs=31)
    assert "31 epochs are more than the 30 allowed" in texts(page)
    assert page.button(key="train.start").disabled
    assert "at most 30 epochs" in texts(page)
    for _ in range(2):
        owned(make_run("queued", epochs=[]), ANN)
    page = visit(ANN, epochs=30).button(key="train.start").click().run()
    assert any("You already have 2" in toast.value for toast in page.toast)
    assert len([run for run in RunStore(runs_dir).runs() if not run.shipped]) == 2


def test_visitors_drawings_are_separate(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_LAB_DRAWINGS", str(tmp_path))
    folders = {drawings_dir_of(digest_of(key)[:32]) for key in (ANN, BOB)}
    assert len(folders) == 2
    for folder in folders:
        folder.mkdir(parents=True)
    everybody = Collection(drawings_dir_of(""))
    assert (everybody.drawings(), everybody.skipped) == ([], 0)


GUESTS = {
    "another machine": ("192.0.2.77", {}),
    "through a proxy": ("127.0.0.1", {"headers": [("x-forwarded-for", "192.0.2.77")]}),
    "under another name": ("127.0.0.1", {"host": "lab.example"}),
    "through a socket": (None, {}),
}


def test_a_guest_on_a_private_server_can_change_only_their_own_run(connect, make_run):
    owners, mine = make_run("training"), owned(make_run("queued", epochs=[]), ANN)
    for name, (peer, sent) in GUESTS.items():
        page = connect(peer, run=owners.id, preset="cnn", **sent)
        assert "Somebody else's run." in texts(page), name
        assert f"queue.cancel.{mine.id}" in keys(page)
        assert not {"watch.stop", f"queue.up.{mine.id}"} & keys(page)
        assert "at most 30 epochs" in texts(page)


def test_loopback_has_the_owners_rights_which_a_trusted_network_shares_and_a_public_server_gives_nobody(
    connect, make_run, monkeypatch
):
    run = owned(make_run("training"), ANN)
    page = connect("127.0.0.1", run=run.id)
    assert {"watch.stop", "train.unfold"} <= keys(page)
    assert KEY not in page.session_state
    assert "shared" not in texts(page)
    monkeypatch.setenv("DIGIT_LAB_TRUST_NETWORK", "on")
    st.cache_resource.clear()
    page = connect("192.0.2.77", run=run.id)
    assert "watch.stop" in keys(page)
    assert "shared" not in texts(page)
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")
    st.cache_resource.clear()
    assert "watch.stop" not in keys(connect("127.0.0.1", run=run.id, key=BOB))


def test_a_guests_run_is_theirs_and_within_the_limits(connect, make_run, runs_dir):
    running = make_run("training")
    assert connect("192.0.2.77", epochs=31).button(key="train.start").disabled
    page = connect("192.0.2.77", epochs=30).button(key="train.start").click().run()
    (run,) = [run for run in RunStore(runs_dir).runs() if not run.shipped and run.id != running.id]
    assert run.folder.terms().seconds == 900
    assert f"queue.cancel.{run.id}" in keys(page)
    assert f"queue.cancel.{run.id}" not in keys(connect("192.0.2.77", key=BOB))
    assert not connect("127.0.0.1", epochs=31).button(key="train.start").disabled


def test_only_the_owner_sees_paths_and_logs(connect, make_run, monkeypatch, tmp_path):
    (tmp_path / "drawings").write_text("no folder")
    monkeypatch.setenv("DIGIT_LAB_DRAWINGS", str(tmp_path / "drawings"))
    failed = make_run("failed", message=f"{ROOT}/core is broken, and {tmp_path}/x too")
    failed.log.write_text("Traceback (most recent call last):")
    for page in ("train", "runs", "draw", "data"):
        sent = "".join(text for *_, text in sent_texts(connect("192.0.2.77", page, run=failed.id, runs=failed.id)))
        assert not [secret for secret in (str(tmp_path), str(ROOT), "Traceback") if secret in sent], page
    shown = connect("127.0.0.1", run=failed.id)
    assert f"{tmp_path}/x" in texts(shown).replace("\\", "")
    assert any("Traceback" in code.value for code in shown.code)


def test_a_disconnected_browser_keeps_its_rights(connect, make_run, monkeypatch):
    run = make_run("training")
    for peer, rightful in (("127.0.0.1", True), ("192.0.2.77", False)):
        page = connect(peer, run=run.id)
        monkeypatch.setattr(rights, "_connection", lambda: None)
        assert ("watch.stop" in keys(page.run())) == rightful


def test_a_guest_without_a_cookie_is_warned_before_start(connect):
    page = connect("192.0.2.77", epochs=3)
    for lost in (False, True):
        page.session_state["visitor.cookie"] = {"lost": lost}
        page.run()
        assert [("epochs=3" in note) for note in sentences(page) if "keep a cookie" in note] == [True] * lost


@pytest.mark.parametrize(
    ("setting", "container", "said"),
    [
        ({}, False, "visitors from the network may change only their own"),
        ({}, True, "in a container"),
        ({"DIGIT_LAB_TRUST_NETWORK": "on"}, False, "everybody who reaches this port"),
        ({"DIGIT_LAB_PUBLIC": "on"}, False, ""),
    ],
)
def test_the_terminal_says_once_who_has_which_rights(app, monkeypatch, capsys, setting, container, said):
    monkeypatch.setattr("pages.state.visitor.in_container", lambda: container)
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    app()
    app("runs")
    told = [line for line in capsys.readouterr().err.splitlines() if "Digit Lab:" in line]
    assert len(told) == bool(said)
    assert not said or (said in told[0] and "DIGIT_LAB_TRUST_NETWORK=on" in told[0])
