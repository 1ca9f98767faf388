"""The frame of every page in a real browser: keys, the link to the running job, and the notification when it ends."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from core.runs.folder import RunFolder
from tests.e2e.conftest import Lab, eventually
from tests.e2e.views import MAIN, VIEWS, open_view
from tests.made_runs import lay_out

pytestmark = pytest.mark.browser

VISIBILITY = """
window.told = [];
window.Notification = class {
  static permission = "default";
  static requestPermission() { this.permission = "granted"; return Promise.resolve("granted"); }
  constructor(title, { body }) { told.push([title, body]); }
};
"""


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


@pytest.mark.slow  # tests/pages/shell/test_running_job.py has the link
def test_the_link_to_the_running_job_changes_the_address_on_a_runs_page(
    page: Page, training: RunFolder, lab: Lab
) -> None:
    page.goto(f"{lab.address}/run?run=mlp-512&tab=results")
    page.locator(".st-key-job-whole a").click()
    expect(page).to_have_url(re.compile(rf"run={training.id}"))
    expect(tab(page, "Curves")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(tab(page, "Results")).to_have_attribute("aria-selected", "true")


@pytest.mark.slow  # tests/pages/shell/test_bell.py has what it says
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
    assert title == "mlp-512: finished, 98.12\xa0% on the test digits"
    assert "loss" in body


def test_no_view_and_no_picture_scrolls_sideways_on_a_phone(
    phone: Page, address: str, times: Callable[..., Any]
) -> None:
    wide = {}
    read = "(all) => Math.max(0, ...all.map((one) => Math.round(one.getBoundingClientRect().right)))"
    for name in times(MAIN, VIEWS):
        open_view(phone, address + VIEWS[name])
        width = phone.evaluate(
            "Math.max(...[document.documentElement, document.querySelector('.stMain')].map((one) => one.scrollWidth))"
        )
        inner = phone.locator(".stMain :is(.sheet, .js-plotly-plot, .paper, .picture)").evaluate_all(read)
        if max(width, inner) > 390:
            wide[name] = width, inner
    assert wide == {}


@pytest.mark.slow  # a projector's view is in the next test too
def test_pictures_and_charts_use_the_width_of_a_projector(page: Page, address: str) -> None:
    """Half of it at least, where at the size of a laptop they would take a third."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    open_view(page, f"{address}/run?run=cnn-16-36-5k&tab=inside&part=convolution")
    assert box_of(page.locator(".st-key-inside-patch td").first)["height"] >= 30
    assert box_of(page.locator(".st-key-scaled-worked"))["width"] >= 0.45 * 1920
    # the enlarged picture still knows where it is clicked
    picture = page.locator(".st-key-inside-ground .paper")
    area = box_of(picture)
    # the middle of a pixel: 28 and a padding of 2 on each side
    picture.click(position={"x": 7.5 / 32 * area["width"], "y": 23.5 / 32 * area["height"]})
    expect(page).to_have_url(re.compile(r"row=21&column=5"))
    open_view(page, f"{address}/run?run=mlp-512&tab=results")
    plot = page.locator(".st-key-scaled-confusion-matrix .nsewdrag")
    area = box_of(plot)
    assert area["height"] >= 0.45 * 1080
    plot.click(position={"x": 0.65 * area["width"], "y": 0.25 * area["height"]})
    expect(page).to_have_url(re.compile("true=2&predicted=6"))


def test_the_verdict_and_both_charts_are_in_view_on_a_projector(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    for link in (VIEWS["curves"], "/?run=cnn-16-36-5k"):
        open_view(page, address + link)
        parts = [page.locator(".st-key-outcome-room"), *page.locator(".live-chart-plot").all()]
        assert len(parts) == 3
        for box in map(box_of, parts):
            assert 0 <= box["y"] < box["y"] + box["height"] <= 720, (link, box)


@pytest.fixture
def training(lab: Lab) -> Iterator[RunFolder]:
    """A run that this process seems to train, and for longer than a minute."""
    folder: RunFolder = lay_out(lab.runs_dir, "training", seconds=75)
    yield folder
    # or the server's end would kill its owner
    shutil.rmtree(folder.path)


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def box_of(element: Locator) -> FloatRect:
    expect(element).to_be_visible()
    box = element.bounding_box()
    assert box
    return box
