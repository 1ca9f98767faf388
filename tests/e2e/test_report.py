"""A report in Chromium without a network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route

from core.export.report.document import html_report
from core.runs.folder import RunFolder
from core.runs.predictions import read_answers
from core.text import speaking
from tests.e2e.conftest import ROOT
from tests.e2e.fonts import CHINESE, drawn_with, need_chinese_fonts

pytestmark = pytest.mark.browser

EPOCH = 15


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = RunFolder(ROOT / "cached_models" / "cnn-16-36")
    manifest, status = folder.manifest(), folder.status()
    answers = read_answers(folder, manifest.config, EPOCH, "test")
    # MNIST may not be available, so each digit is a square of ink
    images = np.zeros((len(answers), 28, 28), np.uint8)
    images[:, 8:20, 8:20] = 255
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html_report(folder, manifest, status, answers, images, EPOCH), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, report: Path) -> Iterator[Callable[..., Page]]:
    """Opens the report with all requests but its own file blocked; any other request or console message is an error."""
    contexts, problems = [], []

    def answer(route: Route) -> None:
        if route.request.url == report.as_uri():
            route.continue_()
        else:
            problems.append(route.request.url)
            route.abort()

    def show(width: int = 1200, **settings: str) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.route(lambda url: not url.startswith("data:"), answer)
        page.on("console", lambda message: problems.append(message.text))
        page.goto(report.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert problems == []


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_is_wider_than_the_screen(opened: Callable[..., Page], width: int) -> None:
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".card strong").first.inner_text() == "99.34\xa0%"


def test_the_digits_are_drawn(opened: Callable[..., Page]) -> None:
    page = opened()
    drawn = page.locator(".digits svg").nth(7)
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box is not None
    assert abs(box["width"] - box["height"]) < 1
    with_digits = drawn.screenshot()
    page.evaluate("document.getElementById('digits').remove()")
    assert drawn.screenshot() != with_digits


def test_pointing_at_an_epoch_shows_its_values(opened: Callable[..., Page]) -> None:
    page = opened()
    chart = page.locator(".chart").first
    labels = chart.locator(".told text")
    shown = [text.text_content() for text in labels.all() if text.is_visible()]
    assert [text.split(" · ")[0] for text in shown if text] == [f"Epoch {EPOCH}"]
    chart.locator(".epoch > rect").nth(4).hover()
    shown = [text.text_content() for text in labels.all() if text.is_visible()]
    assert [text.split(" · ")[0] for text in shown if text] == ["Epoch 5"]


def test_the_printed_report_is_light_and_complete(opened: Callable[..., Page]) -> None:
    page = opened(720, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("details").first.is_hidden()
    assert page.locator(".digits li").count() == 50


@pytest.mark.parametrize("language", CHINESE)
def test_a_printed_report_has_the_letters_of_its_language(page: Page, tmp_path: Path, language: str) -> None:
    need_chinese_fonts()
    folder = RunFolder(ROOT / "cached_models" / "cnn-16-36")
    path = tmp_path / "report.html"
    with speaking(language):
        path.write_text(html_report(folder, folder.manifest(), folder.status(), None, None, EPOCH), encoding="utf-8")
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    # Latin letters are those of the system
    assert {name for name in drawn_with(page, "h2, p, th, td, .chart text") if "CJK" in name} == {CHINESE[language]}
    assert page.pdf(print_background=True).startswith(b"%PDF")
