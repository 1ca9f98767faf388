"""Two visitors on one public server: each controls their own runs and not the other's."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.runs.store import RunStore
from core.text import say
from tests.e2e.conftest import Lab, eventually

pytestmark = pytest.mark.browser

LONG = "?preset=mlp-512&dataset=mnist-5k&epochs=30&validation=last-20"
COOKIE = "digit_lab_visitor"
ANSWER = 120_000
BUTTONS = ("train-start", "train-unfold", "watch-stop", "watch-resume_run")
START, UNFOLD, STOP, RESUME = (f".st-key-{key} button" for key in BUTTONS)
DELETE, UNDO = ".st-key-runs-delete button", ".st-key-runs-undo button"


def opened(visitor: BrowserContext, link: str, shown: str) -> Page:
    page = visitor.new_page()
    page.goto(link)
    expect(page.locator(shown).first).to_be_visible(timeout=ANSWER)
    # a click on a button that is being redrawn has no effect
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=ANSWER)
    return page


def keys(visitor: BrowserContext) -> list[str]:
    return [cookie.get("value", "") for cookie in visitor.cookies() if cookie.get("name") == COOKIE]


def note_of_another_owner(page: Page) -> Locator:
    return page.get_by_text(say("sharing.somebodys"))


@pytest.mark.slow  # tests/core/queue/test_permissions.py and tests/pages have it without a browser
def test_each_controls_their_own_run_in_every_tab(public_lab: Lab, visitors: list[BrowserContext]) -> None:
    (ann, bob, _), address, runs_dir = visitors, public_lab.address, public_lab.runs_dir
    before = {run.id for run in RunStore(runs_dir).runs()}
    page = opened(ann, address + LONG, START)
    eventually(lambda: keys(ann), 60)
    page.locator(START).click()
    expect(page.locator(STOP)).to_be_enabled(timeout=ANSWER)
    run = next(run for run in RunStore(runs_dir).runs() if run.id not in before)
    link, listed = f"{address}/?run={run.id}", f"{address}/runs?runs={run.id}"

    theirs = opened(bob, link, UNFOLD)
    expect(note_of_another_owner(theirs)).to_be_visible(timeout=ANSWER)
    expect(theirs.locator(STOP)).to_have_count(0)

    page.close()
    again = opened(ann, link, STOP)
    again.locator(STOP).click()
    eventually(lambda: RunStore(runs_dir).find(run.id).status.state == "stopped", 180)
    expect(again.locator(RESUME)).to_be_visible(timeout=ANSWER)
    expect(theirs.locator(RESUME)).to_have_count(0)

    in_their_list = opened(bob, listed, DELETE)
    expect(in_their_list.locator(DELETE)).to_be_disabled(timeout=ANSWER)

    in_her_list = opened(ann, listed, DELETE)
    in_her_list.locator(DELETE).click()
    eventually(lambda: run.id not in [other.id for other in RunStore(runs_dir).runs()], 60)
    # Streamlit draws a button with help twice, the second for phones
    expect(in_her_list.locator(UNDO).first).to_be_visible(timeout=ANSWER)
    in_their_list.reload()
    expect(in_their_list.get_by_text("Not found: ")).to_be_visible(timeout=ANSWER)
    expect(in_their_list.locator(UNDO)).to_have_count(0)
    in_her_list.locator(UNDO).first.click()
    eventually(lambda: run.id in [other.id for other in RunStore(runs_dir).runs()], 60)


@pytest.mark.slow
def test_two_tabs_that_open_at_once_are_one_visitor(public_lab: Lab, visitors: list[BrowserContext]) -> None:
    pages = [visitors[0].new_page() for _ in range(2)]
    for page in pages:
        page.goto(public_lab.address, wait_until="commit")
    for page in pages:
        expect(page.locator(START)).to_be_visible(timeout=ANSWER)
    eventually(lambda: keys(visitors[0]), 60)
    # both tabs share one key from then on
    first = keys(visitors[0])
    opened(visitors[0], public_lab.address, START)
    assert keys(visitors[0]) == first
    assert len(first) == 1


def test_a_forged_cookie_is_replaced_by_a_key(public_lab: Lab, visitors: list[BrowserContext]) -> None:
    visitor = visitors[0]
    visitor.add_cookies([{"name": COOKIE, "value": "../../etc", "url": public_lab.address}])
    page = opened(visitor, public_lab.address, START)
    expect(page.get_by_text("This server is shared")).to_be_visible(timeout=ANSWER)
    eventually(lambda: len(keys(visitor)[0]) == 32, 60)
