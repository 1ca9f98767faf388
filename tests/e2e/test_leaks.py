"""A visitor's browser, in pages and in messages from the server, gets nothing about the host."""

import shutil

import pytest
from playwright.sync_api import Page, expect

from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.text import Message
from tests.e2e.conftest import ROOT, serving

pytestmark = pytest.mark.browser

TOKEN = "tk-93b1f5-never-shown"
RUN = "20260101-000000-cnn-16-36-abcdef"
TABS = ("curves", "results", "mistakes", "inside", "settings")
PAGES = ("", "runs", *(f"run?tab={tab}" for tab in TABS), "draw", "learn", "data")


@pytest.fixture
def received(page: Page) -> list[str]:
    """All messages from the server to the page, in order."""
    found: list[str] = []

    def listen(payload: str | bytes) -> None:
        found.append(payload if isinstance(payload, str) else payload.decode("latin-1"))

    page.on("websocket", lambda socket: socket.on("framereceived", listen))
    return found


@pytest.mark.slow  # tests/pages/test_leaks.py looks at each page without a browser
def test_no_message_names_the_host(page, received, tmp_path) -> None:
    runs = tmp_path / "runs of somebody"
    run = RunFolder(runs / RUN)
    shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", run.path)
    run.log.write_text(f'Traceback (most recent call last):\n  File "{ROOT}/core/x.py"\n{TOKEN}')
    text = f"[Errno 5] Input/output error: '{runs}/x.h5'"
    run.change_status(state="failed", message=Message("errors.as_written", text=text))
    (runs / "unreadable").mkdir()
    settings = {"DIGIT_LAB_RUNS": str(runs), "DIGIT_LAB_PUBLIC": "on", "CLOUD_TOKEN": TOKEN}
    settings |= {"DIGIT_LAB_DRAWINGS": str(tmp_path / "drawings of somebody")}
    with serving(ROOT, **settings) as (address, _):
        for name in PAGES:
            page.goto(f"{address}/{name}{'&' if '?' in name else '?'}run={RUN}&runs={RUN}")
            expect(page.get_by_test_id("stHeading").first).to_be_visible(timeout=60_000)
            expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
            whole = page.content()
            for secret in (TOKEN, str(tmp_path), str(ROOT), "Traceback", "runs of somebody", "drawings of somebody"):
                assert secret not in whole, name
    sent = "".join(received)
    assert len(sent) > 100_000
    for secret in (TOKEN, str(tmp_path), f"{ROOT}/core", f"{ROOT}/pages", "Traceback", "drawings of somebody"):
        assert secret not in sent, sent[max(0, sent.find(secret) - 200) :][:400]


def test_an_unexpected_error_is_shown_without_details(page, received, tmp_path) -> None:
    app = tmp_path / "app of somebody"
    app.mkdir()
    (app / "app.py").write_text(f'import streamlit as st\nst.title("Before")\nraise RuntimeError("{TOKEN} {app}")\n')
    shutil.copytree(ROOT / ".streamlit", app / ".streamlit")
    with serving(app, DIGIT_LAB_PUBLIC="on") as (address, _):
        page.goto(address)
        expect(page.get_by_test_id("stException")).to_be_visible(timeout=60_000)
        assert "app of somebody" not in page.content()
        for text in (page.content(), "".join(received)):
            # Streamlit's first message contains the path of app.py, which no page shows
            for secret in (TOKEN, "Traceback", "RuntimeError("):
                assert secret not in text, text[max(0, text.find(secret) - 200) :][:400]
