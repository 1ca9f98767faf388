"""The frame of every page in a real browser: presenting, sharing, keys, and the notification when a run ends."""

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.runs.folder import RunFolder
from tests.e2e.conftest import Lab, eventually
from tests.pages.conftest import lay_out

pytestmark = pytest.mark.browser

VISIBILITY = """
window.told = [];
window.Notification = class {
  static permission = "default";
  static requestPermission() { this.permission = "granted"; return Promise.resolve("granted"); }
  constructor(title, { body }) { told.push([title, body]); }
};
"""


def test_a_presented_view_opens_elsewhere_by_its_qr_code(visitors: list[BrowserContext], address: str) -> None:
    page = visitors[0].new_page()
    page.set_viewport_size({"width": 1920, "height": 1080})
    # by a name and without HTTPS, as in a classroom
    page.goto(f"{address}/learn?lesson=convolution&example=7".replace("localhost", "lab.test"))
    expect(page.locator(".walk .ground .paper")).to_be_visible()
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(r"present=1"))
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    eventually(lambda: height(page.locator(".walk .ground .paper")) > 0.5 * 1080)
    assert page.locator(".walk").evaluate("(lesson) => parseFloat(getComputedStyle(lesson).fontSize)") >= 24

    page.get_by_role("button", name="Share").click()
    code = page.get_by_role("img", name="QR code of the address of this view")
    expect(code).to_be_visible()
    eventually(lambda: code.evaluate("(image) => image.complete"))
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    page.evaluate("document.body.prepend(document.createElement('textarea'))")
    page.locator("body > textarea").focus()
    page.keyboard.press("Control+v")
    assert page.locator("body > textarea").input_value() == found.text
    assert urlsplit(found.text).hostname == "lab.test"
    assert parse_qs(urlsplit(found.text).query) == {"lesson": ["convolution"], "example": ["7"], "present": ["1"]}

    other = visitors[1].new_page()
    other.goto(found.text)
    expect(other.locator(".walk .ground .paper")).to_have_attribute("aria-label", re.compile("7"))
    expect(other.get_by_test_id("stHeader")).to_be_hidden()
    other.keyboard.press("Escape")
    expect(other.get_by_test_id("stHeader")).to_be_visible()
    expect(other).to_have_url(re.compile(r"/learn\?lesson=convolution&example=7$"))


def test_keys_open_tabs_and_digits_but_not_while_one_types(page: Page, address: str) -> None:
    page.goto(f"{address}/run?run=mlp-512&tab=results")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()

    def mistakes() -> bool:
        page.keyboard.press("3")  # again, until the script for keys has loaded
        return tab(page, "Mistakes").get_attribute("aria-selected") == "true"

    eventually(mistakes)
    expect(page.locator(".st-key-opened-next button")).to_be_enabled()
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile(r"digit=\d+"))
    page.keyboard.press("Shift+E")
    expect(page).to_have_url(re.compile(r"epoch=4"))
    page.get_by_role("radio", name="Table").click()
    field = page.get_by_role("textbox").first
    field.fill("")
    field.press_sequentially("p1hm")
    expect(field).to_have_value("p1hm")
    assert "present" not in page.url
    expect(tab(page, "Mistakes")).to_have_attribute("aria-selected", "true")
    with page.context.expect_page() as opened:
        tab(page, "Inside").click(button="middle")
    assert parse_qs(urlsplit(opened.value.url).query).items() >= {"run": ["mlp-512"], "tab": ["inside"]}.items()


def test_the_link_to_the_running_job_changes_the_address_on_a_runs_page(
    page: Page, training: RunFolder, lab: Lab
) -> None:
    page.goto(f"{lab.address}/run?run=mlp-512&tab=results")
    page.locator(".st-key-job-whole a").click()
    expect(page).to_have_url(re.compile(rf"run={training.id}"))
    expect(tab(page, "Curves")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(tab(page, "Results")).to_have_attribute("aria-selected", "true")


def test_a_hidden_page_notifies_when_a_long_run_ends_if_it_was_asked_to(
    page: Page, training: RunFolder, lab: Lab
) -> None:
    page.add_init_script(VISIBILITY)
    page.goto(f"{lab.address}/data")
    bell = page.get_by_role("button", name="Notify me when a run of a minute or more ends")
    expect(bell).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("Notification.permission") == "default"
    bell.click()
    expect(page.get_by_role("button", name="Do not notify me")).to_have_attribute("aria-pressed", "true")
    page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")
    training.write_status(replace(training.status(), state="finished", owner=None, test_accuracy=0.9812))
    eventually(lambda: page.evaluate("told.length"))
    ((title, body),) = page.evaluate("told")
    assert title == "mlp-512: finished, 98.12 % on the test digits"
    assert "loss" in body


@pytest.fixture
def training(lab: Lab) -> Iterator[RunFolder]:
    """A run that this process seems to train, and for longer than a minute."""
    folder: RunFolder = lay_out(lab.runs_dir, "training", seconds=75)
    yield folder
    # or the server's end would kill its owner
    shutil.rmtree(folder.path)


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def height(element: Locator) -> float:
    box = element.bounding_box()
    return box["height"] if box else 0.0
