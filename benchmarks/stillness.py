"""How much the pages move by themselves: as they open for the first time, and while a run trains to its end."""

from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from benchmarks.browsing import chromium, visitor, wait_until_idle
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, Server, serving
from benchmarks.setting import Setting
from core.config.links import config_to_query
from core.config.presets import PRESETS
from core.text import say

_TABS = ("curves", "results", "mistakes", "inside", "settings")
PAGES = {
    "Train": "/",
    "Runs": "/runs",
    "Draw": "/draw",
    "Learn": "/learn",
    "Data": "/data",
    **{say(f"run_page.tabs.{tab}"): f"/run?tab={tab}" for tab in _TABS},
}
LIMIT = 0.02
EPOCHS = 12
_SETTLED = 1000
"""Milliseconds after the last message in which a page still draws."""

# https://web.dev/articles/cls, except that all shifts of a visit are added up, not those of its worst five seconds
_MOVED = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def stillness(setting: Setting) -> list[Measurement]:
    """Cumulative layout shift of each page in a browser without a cache, and of all pages during a training."""
    opened: dict[str, list[float]] = {name: [] for name in PAGES}
    trained: dict[str, list[float]] = {name: [] for name in PAGES}
    with chromium() as browser, serving(APP, setting.folder, setting.folder / "still") as server:
        for turn in range(1 + setting.turns(full=3, quick=1)):
            for name, link in PAGES.items():
                moved = _opening(browser, server.address + link)
                # the first visit warms up the server
                if turn:
                    opened[name].append(moved)
        for name in PAGES:
            trained[name].append(_training(browser, server, PAGES[name], setting))
    return [
        *(Measurement.of(f"Layout shift, {name} first opened", "", opened[name], limit=LIMIT) for name in PAGES),
        *(Measurement.of(f"Layout shift, {name} during a training", "", trained[name], limit=LIMIT) for name in PAGES),
    ]


def _opening(browser: Browser, address: str) -> float:
    with visitor(browser) as page:
        page.add_init_script(_MOVED)
        page.goto(address)
        wait_until_idle(page)
        return _moved(page)


def _training(browser: Browser, server: Server, link: str, setting: Setting) -> float:
    """The shift of a page that is open from before the start of a run to its end."""
    config = PRESETS["mlp-512"].replace(dataset="mnist-5k", epochs=2 if setting.quick else EPOCHS)
    with visitor(browser) as page, visitor(browser) as starter:
        starter.goto(f"{server.address}/?{urlencode(config_to_query(config))}")
        start = starter.locator(".st-key-train-start button:enabled")
        start.wait_for()
        wait_until_idle(starter)
        page.add_init_script(_MOVED)
        page.goto(server.address + link)
        wait_until_idle(page)
        before = _moved(page)
        start.click()
        starter.locator(".st-key-watch-stop").wait_for()
        starter.locator(".st-key-watch-stop").wait_for(state="detached")
        return _moved(page) - before


def _moved(page: Page) -> float:
    page.wait_for_timeout(_SETTLED)
    return float(page.evaluate("moved"))
