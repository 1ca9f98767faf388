"""Every view in both themes: axe-core's rules and contrast; what is spoken; that nothing is empty or moves at first."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from core.charts.palette import DARK
from core.data import datasets
from tests.e2e.conftest import ROOT, eventually, serving
from tests.e2e.contrast import pale_texts
from tests.e2e.views import MAIN, POLL, QUIET, VIEWS, WATCH_MOVES, assert_still, open_view
from tests.made_runs import lay_out

pytestmark = pytest.mark.browser

AXE = Axe()
RULES = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
"""Contrast is measured by pale_texts, which also sees the texts of charts."""
GRAVE = ("serious", "critical")
ROOMS = """() => [...document.querySelectorAll(
  "[class*=st-key-sheet-room-], [class*=st-key-scaled-], .st-key-opened-picture",
)].map((room) => {
  const { x, y, width, height } = room.getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
})"""
FILLED = """() => {
  const gray = (one) => {
    const { backgroundColor, backgroundImage, visibility } = getComputedStyle(one);
    const colored = backgroundImage !== "none" || backgroundColor !== "rgba(0, 0, 0, 0)";
    return visibility === "visible" && one.clientHeight > 20 && colored;
  };
  const squares = [...document.querySelectorAll(".sheet-places i")];
  const picture = document.querySelector(".st-key-opened-picture [data-testid=stBidiComponentIsolated]");
  const square = picture?.shadowRoot?.querySelector("i");
  const charts = [...document.querySelectorAll("[class*=st-key-scaled-]")];
  const bars = charts.map((room) => [room, room.querySelector("[data-testid=stSkeleton]")]);
  return squares.length > 0 && squares.every(gray) && Boolean(square) && gray(square) && bars.length > 0
    && bars.every(([room, bar]) => bar && bar.clientHeight > 0.9 * room.clientHeight);
}"""
"""Whether sheets, pictures and charts have skeletons of their size."""
SKELETON = """() => {
  if (!document.body) return false;
  const { position, height } = getComputedStyle(document.body, "::before");
  return position === "fixed" && parseFloat(height) > innerHeight / 2;
}"""
"""Whether a skeleton has the place of a page that is not yet shown."""


@dataclass(frozen=True)
class Site:
    """The app, and the links of its views by name."""

    address: str
    views: dict[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app with a run that trains, which this process owns, and one that has failed."""
    runs_dir = tmp_path_factory.mktemp("accessibility") / "runs"
    runs_dir.mkdir()
    failed = lay_out(runs_dir, "failed", message="The loss became NaN in epoch 4.")
    training = lay_out(runs_dir, "training", batch=12, seconds_left=72.3, heartbeat=time.time() + 3600)
    own = {"train, running": f"/?run={training.id}", "curves, failed": f"/run?run={failed.id}"}
    datasets.load("mnist-5k")
    with serving(ROOT, DIGIT_LAB_RUNS=str(runs_dir)) as (address, _):
        yield Site(address, {**own, **VIEWS})


def violations(page: Page, *, whole: bool) -> list[object]:
    """Grave violations of axe-core's rules, in the whole document or the page's own part of it."""
    found = AXE.run(page, context=None if whole else ".stMain", options=RULES).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found if one["impact"] in GRAVE]


def turn_dark(page: Page) -> None:
    """Change the theme of an open page, as the system does in the evening."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        f"() => getComputedStyle(document.documentElement).getPropertyValue('--frame-ground') === '{DARK.background}'"
    )
    page.wait_for_function(QUIET, polling=POLL)


@pytest.mark.parametrize("all_views", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["main views", "all"])
def test_no_view_has_a_grave_violation_or_a_pale_text_in_either_theme(page: Page, site: Site, all_views: bool) -> None:
    page.set_viewport_size({"width": 1280, "height": 2400})
    found = {}
    for name, link in site.views.items():
        if not all_views and name not in MAIN:
            continue
        page.emulate_media(color_scheme="light")
        open_view(page, site.address + link)
        # the rules are about what is there, and the frame is the same on every page
        found[name, "light"] = [*violations(page, whole=not found), *pale_texts(page)]
        turn_dark(page)
        found[name, "dark"] = pale_texts(page)
    assert len(found) == 2 * (len(site.views) if all_views else len(MAIN))
    assert {view: wrong for view, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "link", ["/", pytest.param(VIEWS["mistakes"], marks=pytest.mark.slow)], ids=["Train", "Mistakes"]
)
def test_a_page_does_not_move_as_it_opens_for_the_first_time(browser: Browser, address: str, link: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        context.set_default_timeout(60_000)
        context.add_init_script(WATCH_MOVES)
        page = context.new_page()
        open_view(page, address + link)
        assert_still(page)


@pytest.mark.slow  # the benchmark first-page says when it comes
def test_a_skeleton_has_the_pages_place_until_it_is_shown(page: Page, address: str) -> None:
    app, held = re.compile(r"/static/js/index\."), []
    page.route(app, lambda route: held.append(route))
    page.goto(address + VIEWS["results"], wait_until="commit")
    page.wait_for_function(SKELETON)
    page.route(app, lambda route: route.continue_())  # instead
    for route in held:
        route.continue_()
    page.wait_for_function(QUIET, polling=POLL)
    assert not page.evaluate(SKELETON)


@pytest.mark.slow  # a page that moved as it opens would fail the test above
def test_charts_sheets_and_pictures_have_their_rooms_before_their_scripts(page: Page, address: str) -> None:
    scripts = re.compile(r"/app/static/digit_|/static/js/PlotlyChart")
    held: list[Route] = []
    page.route(scripts, lambda route: held.append(route))
    page.goto(address + VIEWS["mistakes"])
    page.wait_for_function(FILLED)
    before = page.evaluate(ROOMS)
    page.route(scripts, lambda route: route.continue_())  # instead
    for route in held:
        route.continue_()
    page.wait_for_function(QUIET, polling=POLL)
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    assert page.evaluate(ROOMS) == [pytest.approx(room, abs=2) for room in before]


def test_answers_and_counts_are_spoken_when_they_change_and_help_is_named(page: Page, address: str) -> None:
    spoken = page.locator("#announcements")
    open_view(page, address + VIEWS["draw answered"])
    expect(spoken).to_have_text("")
    page.locator(".st-key-draw-another button").click()
    expect(spoken).to_have_text(re.compile(r"^Read as \d, "))
    open_view(page, address + VIEWS["mistakes"])
    expect(spoken).to_have_text("")
    page.get_by_role("radio", name="All", exact=True).click()
    expect(spoken).to_have_text(re.compile("images"))
    open_view(page, address + VIEWS["settings and code"])
    buttons = page.locator("button[aria-label^=Help]")
    eventually(lambda: len(set(buttons.evaluate_all("(all) => all.map((one) => one.ariaLabel)"))) == buttons.count())
