"""The rights of visitors whose browsers reach a server from its machine, the network or another site's frame."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, expect

from core.config.run import RunConfig
from core.queue.permissions import digest_of
from core.runs.folder import RunFolder
from core.runs.status import Status
from core.runs.terms import Terms
from core.server.connection import Machine
from core.text import say
from tests.e2e.conftest import ROOT, Lab, eventually
from tests.e2e.sites import course, encrypted
from tests.e2e.test_sharing import ANSWER, DELETE, START

pytestmark = pytest.mark.browser

PICTURE = ROOT / "static" / "icon.png"
SHARED, NO_COOKIE = "This server is shared", "does not keep a cookie"


@pytest.fixture
def visitor(visitors: list[BrowserContext]) -> BrowserContext:
    return visitors[0]


def finished(runs_dir: Path, terms: Terms | None = None) -> str:
    config = RunConfig(dataset="mnist-5k", epochs=1)
    return RunFolder.create(runs_dir, config, Status(state="finished", epoch=1), terms=terms).id


def test_only_a_browser_on_this_machine_without_a_proxy_is_the_owner(visitor: BrowserContext, lab: Lab) -> None:
    run_id, port = finished(lab.runs_dir), urlsplit(lab.address).port

    def may_delete(host: str, **headers: str) -> bool:
        page = visitor.new_page()
        page.set_extra_http_headers(headers)
        page.goto(f"http://{host}:{port}/runs?runs={run_id}")
        expect(page.locator(DELETE).first).to_be_visible(timeout=ANSWER)
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible(timeout=ANSWER)
        return page.locator(DELETE).first.is_enabled()

    assert may_delete("localhost")
    own = [address for address in Machine.this().addresses if address.version == 4 and not address.is_loopback]
    assert all(may_delete(str(address)) for address in own[:1])
    # through a proxy, and with a foreign host name that resolves to this machine
    assert not may_delete("localhost", **{"X-Forwarded-For": "203.0.113.9"})
    assert not may_delete("lab.test")


@pytest.fixture
def public(public_lab: Lab) -> tuple[int, Path]:
    """The port and the runs folder of a public server."""
    return urlsplit(public_lab.address).port or 0, public_lab.runs_dir


@pytest.fixture
def framed(visitor: BrowserContext) -> Iterator[Callable[[str, str], FrameLocator]]:
    """Opens a page of the app in the frame of a course page and waits for an element."""
    with course() as around:

        def open_page(link: str, shown: str) -> FrameLocator:
            page = visitor.new_page()
            page.goto(around + link)
            frame = page.frame_locator("iframe")
            expect(frame.locator(shown).first).to_be_attached(timeout=ANSWER)
            return frame

        yield open_page


def keys(visitor: BrowserContext) -> list[str]:
    return [cookie["value"] for cookie in visitor.cookies() if cookie["name"].startswith("digit_lab_visitor")]


@pytest.mark.slow  # tests/pages/test_visitors.py has the key, without a frame
def test_with_tls_a_visitor_in_a_frame_stays_the_same_after_a_reload(
    public: tuple[int, Path], visitor: BrowserContext, framed: Callable[[str, str], FrameLocator]
) -> None:
    port, runs_dir = public
    with encrypted(port, "lab.test") as address:
        frame = framed(address, START)
        expect(frame.get_by_text(SHARED)).to_be_visible(timeout=ANSWER)
        eventually(lambda: len(keys(visitor)) == 1, 60)
        (key,) = keys(visitor)
        run_id = finished(runs_dir, Terms(digest_of(key)))

        again = framed(f"{address}/runs?runs={run_id}", DELETE)
        assert keys(visitor) == [key]
        expect(again.get_by_text(NO_COOKIE)).to_have_count(0)
        # the browser does not send this key outside this site's frame
        alone = visitor.new_page()
        alone.goto(f"{address}/runs?runs={run_id}")
        expect(alone.locator(DELETE).first).to_be_disabled(timeout=ANSWER)

        upload = framed(f"{address}/draw?source=upload", 'input[type="file"]')
        upload.locator('input[type="file"]').set_input_files(PICTURE)
        expect(upload.get_by_text(say("draw.crop"))).to_be_visible(timeout=ANSWER)


@pytest.mark.slow
def test_without_tls_a_visitor_in_a_frame_is_warned_before_start(
    public: tuple[int, Path], visitor: BrowserContext, framed: Callable[[str, str], FrameLocator]
) -> None:
    frame = framed(f"http://lab.test:{public[0]}/?epochs=3", START)
    note = frame.get_by_text(NO_COOKIE)
    expect(note).to_be_visible(timeout=ANSWER)
    expect(frame.locator(START)).to_be_enabled()
    assert keys(visitor) == []
    address = note.get_by_role("link").get_attribute("href")
    assert re.fullmatch(rf"http://lab\.test:{public[0]}/?\?.*epochs=3.*", address or "")

    # outside the frame the key is kept
    page = visitor.new_page()
    page.goto(address or "")
    expect(page.get_by_text(SHARED)).to_be_visible(timeout=ANSWER)
    eventually(lambda: len(keys(visitor)) == 1, 60)
    expect(page.get_by_text(NO_COOKIE)).to_have_count(0)
