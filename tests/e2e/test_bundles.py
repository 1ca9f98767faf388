"""A run that one visitor downloads and another opens, and runs with malicious names."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.queue.permissions import digest_of, new_key
from core.runs.folder import RunFolder
from core.runs.label import Label
from core.runs.store import SHIPPED_DIR
from core.runs.terms import Terms
from pages.state.visitor import COOKIES
from tests.e2e.conftest import Lab, desktop

pytestmark = pytest.mark.browser

TAGS = "<b>Zed</b><img src=x onerror=window.hit=1><a href=//evil.example>Zed</a>"
MARKS = "**Zed** [Zed](https://evil.example) $x^2$ :red[Zed] :material/home: `Zed`"
NAMES = (TAGS, MARKS)
ANN, BOB, EVE = new_key(), new_key(), new_key()
SELECTED = re.compile(r"1 of [\d,]+ selected")
ID = "20260101-00000{}-cnn-16-36-abcde{}"


@pytest.fixture(scope="module")
def runs_dir(public_lab: Lab) -> Path:
    """The runs folder, with two finished runs of one visitor."""
    folder = public_lab.runs_dir
    for number, name in enumerate(NAMES):
        run = RunFolder(folder / ID.format(number, number))
        shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", run.path)
        run.write_label(Label(name, name))
        run.write_terms(Terms(digest_of(ANN)))
    return folder


@pytest.fixture(scope="module")
def address(public_lab: Lab) -> str:
    return public_lab.address


@pytest.fixture
def visit(visitors: list[BrowserContext], address: str) -> Callable[[str], Page]:
    """Opens a page for the visitor with this key."""
    browsers = iter(visitors)

    def open_browser(key: str) -> Page:
        browser = next(browsers)
        browser.add_cookies([{"name": COOKIES[0], "value": key, "url": address}])
        return desktop(browser)

    return open_browser


def shown_figures(page: Page) -> list[str]:
    cards = page.get_by_test_id("stMetric")
    expect(cards).to_have_count(5)
    return cards.all_inner_texts()


@pytest.mark.slow  # tests/core/bundle and tests/pages/runs/test_upload.py have its parts
def test_a_run_is_downloaded_opened_by_another_visitor_and_viewed_by_a_third(
    visit, address, runs_dir, tmp_path
) -> None:
    ann, bob, eve = visit(ANN), visit(BOB), visit(EVE)
    ann.goto(f"{address}/run?tab=results&run={ID.format(0, 0)}")
    expect(ann.get_by_role("button", name="Download", exact=True)).to_be_visible(timeout=60_000)
    figures = shown_figures(ann)
    ann.get_by_role("button", name="Download", exact=True).click()
    with ann.expect_download() as download:
        ann.get_by_role("button", name="Whole run", exact=True).click()
    assert download.value.suggested_filename.endswith(".digitlab.zip")
    file = tmp_path / "run.digitlab.zip"
    download.value.save_as(file)

    bob.goto(f"{address}/runs")
    bob.get_by_role("button", name="Open a file").click()
    bob.locator("input[type=file]").set_input_files(file)
    # the step before, checking the file, may be over before it can be seen
    expect(bob.get_by_text("Building the network…")).to_be_visible(timeout=60_000)
    expect(bob.get_by_text(f"Opened “{TAGS}” from the file.")).to_be_visible(timeout=120_000)
    (opened,) = parse_qs(urlparse(bob.url).query)["runs"]
    assert (runs_dir / opened / "opened.json").is_file()
    # read-only: its name and note cannot be changed, and only the visitor who opened it may delete it
    expect(bob.get_by_role("button", name="Delete").first).to_be_enabled()
    expect(bob.get_by_role("textbox", name="Note")).to_have_count(0)
    eve.goto(f"{address}/run?tab=results&run={opened}")
    expect(eve.get_by_role("button", name="Download", exact=True)).to_be_visible(timeout=60_000)
    assert shown_figures(eve) == figures
    eve.goto(f"{address}/?run={opened}")
    expect(eve.get_by_text("with the weights of epoch")).to_be_visible(timeout=60_000)
    expect(eve.get_by_role("button", name="Resume")).to_have_count(0)
    eve.goto(f"{address}/runs?runs={opened}")
    expect(eve.get_by_text(SELECTED)).to_be_visible(timeout=60_000)
    expect(eve.get_by_role("button", name="Delete").first).to_be_disabled()


HARM = """() => [
    ...document.querySelectorAll('img[src="x"], a[href*="evil"], script[src*="evil"]'),
    ...[...document.querySelectorAll('svg a')].filter(a => /evil/.test(a.outerHTML)),
    ...[...document.querySelectorAll('.katex annotation')].filter(found => found.textContent.trim() === 'x^2'),
    ...[...document.querySelectorAll('b, strong, a, code, em, tspan, span[style*="color"]')]
        .filter(found => found.textContent.trim() === 'Zed'),
].map(found => found.outerHTML.slice(0, 200)).concat(window.hit ? ['the script ran'] : [])"""


@pytest.mark.slow  # tests/pages/test_names.py looks at each page without a browser
@pytest.mark.usefixtures("runs_dir")
def test_markup_in_a_name_is_plain_text(visit, address) -> None:
    page, requested = visit(ANN), []
    page.on("request", lambda request: requested.append(request.url))
    tags, marks = (ID.format(number, number) for number in (0, 1))
    # each link, with a text of the complete page
    for link, awaited in (
        (f"?run={tags}", "with the weights of epoch"),
        (f"runs?runs={tags},{marks}", "Curves"),
        (f"runs?runs={marks}", SELECTED),
        (f"run?tab=results&run={marks}", "Confusion"),
        (f"run?tab=mistakes&run={tags}", "images"),
        (f"run?tab=inside&run={marks}&part=pooling&change=rotation&runs={tags},{marks}", "Compare with"),
        (f"draw?source=test&index=3&model={tags}&others={tags},{marks}", "epoch"),
        (f"learn?lesson=step&run={marks}", "update"),
    ):
        page.goto(f"{address}/{link}")
        expect(page.get_by_text(awaited).filter(visible=True).first).to_be_visible(timeout=60_000)
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
        for point in page.locator(".scatterlayer .trace .points path").all()[:2]:
            point.hover(force=True)
        assert page.evaluate(HARM) == [], link
    assert not [url for url in requested if "evil" in url]
    # the check itself detects markup
    for harm in (
        "<strong>Zed</strong>",
        "<i class=katex><annotation>x^2</annotation></i>",
        TAGS.replace("//evil", "https://evil"),
    ):
        page.evaluate("html => document.body.insertAdjacentHTML('beforeend', `<div id=harm>${html}</div>`)", harm)
        assert page.evaluate(HARM)
        page.evaluate("document.getElementById('harm').remove()")
