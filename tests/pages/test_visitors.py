"""A private server on a network: its owner has all rights, a guest those of a public server's visitor."""

from types import SimpleNamespace

import pytest

from core.places import ROOT
from core.runs.store import RunStore
from pages.state import rights
from tests.pages.conftest import texts
from tests.pages.test_sharing import ANN, BOB, KEY, keys, owned

EPOCH = [(1, 0.6, 0.82, 0.3, 0.91, 0.001, 2)]


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
        assert not test.exception
        return test

    return open_page


GUESTS = {
    "another machine": ("192.0.2.77", {}),
    "through a proxy": ("127.0.0.1", {"headers": [("x-forwarded-for", "192.0.2.77")]}),
    "under another name": ("127.0.0.1", {"host": "lab.example"}),
    "through a socket": (None, {}),
}


@pytest.mark.parametrize("name", GUESTS)
def test_a_guest_on_a_private_server_can_change_only_their_own_run(connect, make_run, name):
    peer, sent = GUESTS[name]
    owners, mine = make_run("training", epochs=EPOCH), owned(make_run("queued", epochs=[]), ANN)
    page = connect(peer, run=owners.id, preset="cnn", **sent)
    assert "Somebody else's run." in texts(page)
    assert f"queue.cancel.{mine.id}" in keys(page)
    assert not {"watch.stop", f"queue.up.{mine.id}"} & keys(page)
    assert "at most 30 epochs" in texts(page)


def test_the_owner_on_loopback_can_change_everything(connect, make_run):
    theirs = owned(make_run("training", epochs=EPOCH), ANN)
    page = connect("127.0.0.1", run=theirs.id)
    assert {"watch.stop", "train.unfold"} <= keys(page)
    assert KEY not in page.session_state
    assert "shared" not in texts(page)


def test_a_public_server_has_no_owner(connect, make_run, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")
    monkeypatch.setenv("DIGIT_LAB_TRUST_NETWORK", "on")
    run = make_run("training", epochs=EPOCH)
    assert "watch.stop" not in keys(connect("127.0.0.1", run=run.id))


def test_a_trusted_network_has_the_owners_rights(connect, make_run, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_TRUST_NETWORK", "on")
    run = make_run("training", epochs=EPOCH)
    page = connect("192.0.2.77", run=run.id)
    assert "watch.stop" in keys(page)
    assert "shared" not in texts(page)


def test_a_guests_run_is_theirs_and_within_the_limits(connect, make_run, runs_dir):
    running = make_run("training", epochs=EPOCH)
    assert connect("192.0.2.77", epochs=31).button(key="train.start").disabled
    page = connect("192.0.2.77", epochs=30).button(key="train.start").click().run()
    (run,) = [run for run in RunStore(runs_dir).runs() if not run.shipped and run.id != running.id]
    assert run.folder.terms().seconds == 900
    assert f"queue.cancel.{run.id}" in keys(page)
    assert f"queue.cancel.{run.id}" not in keys(connect("192.0.2.77", key=BOB))
    assert not connect("127.0.0.1", epochs=31).button(key="train.start").disabled


@pytest.mark.parametrize("page", ["train", "runs", "draw", "data"])
def test_a_guest_sees_no_server_paths(connect, make_run, monkeypatch, tmp_path, page):
    (tmp_path / "drawings").write_text("no folder")
    monkeypatch.setenv("DIGIT_LAB_DRAWINGS", str(tmp_path / "drawings"))
    failed = make_run("failed", message=f"{ROOT}/core is broken, and {tmp_path}/x too")
    failed.log.write_text("Traceback (most recent call last):")
    shown = connect("192.0.2.77", page, run=failed.id, runs=failed.id)
    sent = repr(shown.main) + repr([code.value for code in shown.code])
    assert not [secret for secret in (str(tmp_path), str(ROOT), "Traceback") if secret in sent]


def test_a_disconnected_browser_keeps_its_rights(connect, make_run, monkeypatch):
    run = make_run("training", epochs=EPOCH)
    for peer, rightful in (("127.0.0.1", True), ("192.0.2.77", False)):
        page = connect(peer, run=run.id)
        monkeypatch.setattr(rights, "_connection", lambda: None)
        assert ("watch.stop" in keys(page.run())) == rightful


@pytest.mark.parametrize("lost", [True, False])
def test_a_guest_without_a_cookie_is_warned_before_start(connect, lost):
    page = connect("192.0.2.77", epochs=3)
    page.session_state["visitor.cookie"] = {"lost": lost}
    page.run()
    notes = [warning.value for warning in page.warning if "keep a cookie" in warning.value]
    assert len(notes) == lost
    assert all("epochs=3" in note for note in notes)


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
