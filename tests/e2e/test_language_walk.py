"""A student's whole way in each language, on a server that trains with Keras."""

import contextlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, TimeoutError, expect

from core.runs.store import RunStore
from core.text import ENGLISH, catalogue, languages, say
from tests.core.text.test_translations import english_words
from tests.e2e.conftest import ROOT, end_workers, eventually, serving
from tests.e2e.views import MAIN, POLL, QUIET, VIEWS, open_view
from tests.pages.test_languages import HAN, NAMED

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OTHERS = [tag for tag in languages() if tag != ENGLISH]
SEEN = """() => {
  const HIDDEN = "pre, code, script, style, .katex";
  const nodes = (root) => [...root.querySelectorAll("*")].flatMap((one) => [
    one, ...(one.shadowRoot ? nodes(one.shadowRoot) : []),
  ]);
  const said = ["aria-label", "title", "placeholder", "alt", "data-title"];
  return nodes(document.body).filter(
    (one) => !one.closest(HIDDEN) && !getComputedStyle(one).fontFamily.includes("Material Symbols")
  ).flatMap((one) => [
    ...[...one.childNodes].filter((part) => part.nodeType === 3 && one.checkVisibility()).map((part) => part.nodeValue),
    ...said.map((name) => one.getAttribute(name) ?? ""),
  ]).map((text) => text.trim()).filter((text) => text && !text.startsWith("st-key"));
}"""
"""Every text that is seen or spoken, but for code and the names of symbols."""
CUT = """() => [...document.querySelectorAll(
  "[data-testid=stApp] :is(button, label, [role=tab], [role=radio], h1, h2, h3, p, th, a)"
)].filter((one) => one.checkVisibility() && one.innerText?.trim() && !one.closest(
  // the menu of a phone is beside the screen until it is opened, and some buttons have their symbol alone
  "[data-testid=stSidebar], .st-key-chart-settings, .st-key-looking-turn, .st-key-confusion-turn"
)).filter((one) => {
  const { left, right, width } = one.getBoundingClientRect();
  const { overflowX, textOverflow } = getComputedStyle(one);
  const clipped = overflowX === "hidden" && textOverflow !== "ellipsis" && one.scrollWidth > one.clientWidth + 1;
  const scrolls = one.closest(".stButtonGroup, [role=tablist], [data-testid=stDataFrame], .rows, .table, pre");
  return width > 1 && (clipped || (!scrolls && (right > innerWidth + 1 || left < -1)));
}).map((one) => one.innerText.slice(0, 60))"""
"""Texts that are cut, or stand beyond the screen where nothing can be scrolled."""
CHOSEN = """() => [...document.querySelectorAll("[role=combobox]")].filter(
  (one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1
).map((one) => one.value || one.innerText)"""
"""What is chosen in a picker and cut at its end."""
DRAWN = """() => [...document.querySelectorAll(".js-plotly-plot .main-svg text")].filter((one) => {
  const [text, chart] = [one, one.closest(".svg-container")].map((part) => part.getBoundingClientRect());
  return text.width && one.checkVisibility() && (text.left < chart.left - 1 || text.right > chart.right + 1);
}).map((one) => one.textContent)"""
"""Texts of charts that are cut at the chart's sides."""
MENU = """() => {
  const parts = [...document.querySelectorAll("[data-testid=stHeader] :is(a, button)")].filter(
    (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1);
  const over = (one, other) => {
    const [a, b] = [one, other].map((part) => part.getBoundingClientRect());
    const crossed = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return crossed && !one.contains(other) && !other.contains(one);
  };
  return parts.flatMap((one, at) => parts.slice(at + 1).filter((other) => over(one, other)).map(
    (other) => `${one.innerText || one.ariaLabel} over ${other.innerText || other.ariaLabel}`));
}"""
"""Controls of the top bar that overlap."""
SIDEWAYS = "() => document.documentElement.scrollWidth > innerWidth ? ['sideways'] : []"
WRONG = f"[{', '.join(f'...({each})()' for each in (CUT, CHOSEN, DRAWN, MENU, SIDEWAYS))}]"


@pytest.fixture
def context(browser: Browser):
    with browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-US") as context:
        context.set_default_timeout(60_000)
        yield context


def left_in_english(page: Page) -> list[str]:
    """The texts of the page that have words of English which are not on the list, and keep them for a second."""
    page.wait_for_function(QUIET, polling=POLL)
    with contextlib.suppress(AssertionError):
        # the names of the "?" come a moment after their buttons
        eventually(lambda: not _english(page), 1)
    return _english(page)


def _english(page: Page) -> list[str]:
    texts = dict.fromkeys(page.evaluate(SEEN))
    return [text for text in texts if english_words(NAMED.sub(" ", text))]


@pytest.mark.parametrize("language", OTHERS)
def test_a_student_meets_no_english_sentence(context: BrowserContext, tmp_path: Path, language: str) -> None:
    """Choose, train, verdict, mistake, inside, draw, report; and who opens the run in English meets none of its own."""
    said = catalogue(language)
    runs = tmp_path / "runs"
    places = {"DIGIT_LAB_RUNS": str(runs), "DIGIT_LAB_DRAWINGS": str(tmp_path / "drawings"), "PYTHONPATH": ""}
    with serving(ROOT, **places) as (address, _):
        page = context.new_page()
        english: dict[str, list[str]] = {}

        def look(step: str) -> None:
            if found := left_in_english(page):
                english[step] = found

        def link(key: str) -> Locator:
            return page.get_by_role("link", name=said[key], exact=True)

        page.goto(f"{address}/?dataset=mnist-5k&epochs=4&validation=last-20&lang={language}")
        look("choose")
        page.get_by_role("radio", name=said["presets.mlp.name"], exact=True).click()
        page.get_by_role("button", name=said["train.start"]).click()
        page.locator("[class*=st-key-job-stop]").first.wait_for()
        look("train")
        store = RunStore(runs, tmp_path / "none")
        eventually(lambda: [run.status.state for run in store.runs()] == ["finished"], 240)
        (run,) = store.runs()
        page.locator(f".st-key-next_steps a[href*='{run.id}']").first.wait_for()
        look("verdict")
        for name in ("curves", "results", "mistakes", "inside", "settings"):
            open_view(page, f"{address}/run?run={run.id}&tab={name}&lang={language}")
            look(name)
        link("pages.draw").click()
        page.get_by_role("radio", name=said["draw.sources.test"], exact=True).click()
        expect(page.locator(".answer > span").first).to_have_text(re.compile(r"^[0-9?]$"))
        look("draw")
        open_view(page, f"{address}/run?run={run.id}&tab=results&lang={language}")
        page.locator(".st-key-downloads-open button").click()
        with page.expect_download() as report:
            page.get_by_role("button", name=said["downloads.report"], exact=True).click()
        report.value.save_as(tmp_path / "report.html")
        with page.expect_download() as whole:
            page.get_by_role("button", name=said["downloads.whole"], exact=True).click()
        whole.value.save_as(tmp_path / "run.zip")
        page.goto((tmp_path / "report.html").as_uri())
        english["report"] = _english(page)
        end_workers(runs)
    assert {step: found for step, found in english.items() if found} == {}
    assert chinese_after_opening(context, tmp_path / "run.zip", tmp_path / "elsewhere") == {}


def chinese_after_opening(context: BrowserContext, bundle: Path, runs: Path) -> dict[str, list[str]]:
    """The Chinese texts of each tab of a run that was opened from a file by an English visitor of another server."""
    found = {}
    with serving(ROOT, DIGIT_LAB_RUNS=str(runs)) as (address, _):
        page = context.new_page()
        open_view(page, f"{address}/runs")
        page.get_by_role("button", name=say("bundles.title")).click()
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(bundle)
        store = RunStore(runs, runs / "none")
        eventually(lambda: len(store.runs()) == 1, 120)
        (run,) = store.runs()
        for name in ("curves", "results", "mistakes", "inside", "settings"):
            open_view(page, f"{address}/run?run={run.id}&tab={name}")
            found[name] = [text for text in page.evaluate(SEEN) if HAN.search(text)]
        open_view(page, f"{address}/runs")
        found["runs"] = [text for text in page.evaluate(SEEN) if HAN.search(text)]
    return {name: texts for name, texts in found.items() if texts}


@pytest.mark.parametrize("language", languages())
def test_no_text_is_cut_and_nothing_in_the_menu_overlaps(page: Page, address: str, language: str) -> None:
    found = {}
    others = (
        "results",
        "settings and code",
        "data",
        "train layers",
        "inside output",
        "inside weights",
        "lesson softmax",
    )
    for name in (*MAIN, *others, "data sets"):
        link = VIEWS[name]
        open_view(page, f"{address}{link}{'&' if '?' in link else '?'}lang={language}")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_function(QUIET, polling=POLL)
            with contextlib.suppress(TimeoutError):
                # the page settles in its new width
                page.wait_for_function(f"!{WRONG}.length", polling=POLL, timeout=10_000)
            found[name, width] = page.evaluate(WRONG)
    assert {place: texts for place, texts in found.items() if texts} == {}
