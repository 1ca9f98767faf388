"""Start and watch a run in the browser: time to the first point, bytes per tick, memory."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Browser, Page, WebSocket

from benchmarks.browsing import POLL, TIMEOUT, chromium, first, visitor, wait_until_idle
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, Server, serving
from benchmarks.setting import Setting
from core.config.links import config_to_query
from core.config.presets import PRESETS
from core.text import say

_TICKS = 8
_START = ".st-key-train-start button:enabled"
_RUNS = '() => [...document.querySelectorAll(".live-chart-plot")].map((plot) => plot.layout?.uirevision)'
# the page may show another run before, and shows the tutorial's history from the start
_POINT = """([names, before]) => [...document.querySelectorAll(".live-chart-plot")].some((plot) =>
  plot.layout && !before.includes(plot.layout.uirevision)
  && plot.data.some(({ name, x }) => names.includes(name) && x.length)) && performance.now()"""


@dataclass  # without slots: Playwright adds an attribute to listeners
class Traffic:
    """A page's websocket traffic: bytes received after each message sent."""

    received: list[int] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Listen from the page's next navigation on."""
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda _: self.received.append(0))
        socket.on("framereceived", self._receive)

    def _receive(self, payload: str | bytes) -> None:
        if self.received:
            self.received[-1] += len(payload if isinstance(payload, bytes) else payload.encode())


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor who starts a run and watches it."""

    first_point: float
    tick: float
    resident: float
    unique: float


def live(setting: Setting) -> list[Measurement]:
    """Each turn has a new server, visitor and worker: once from a cold start and once with a process waiting."""
    with chromium() as browser:
        visits, warm = [], []
        for turn in range(setting.turns(full=3, quick=1)):
            with serving(APP, setting.folder, setting.folder / f"watched-{turn}", waiting=False) as server:
                visits.append(_visit(browser, server, setting))
            with serving(APP, setting.folder, setting.folder / f"awaited-{turn}") as server:
                warm.append(_visit(browser, server, setting, wait=True))
    memory = "Memory of the Streamlit process, a run watched"
    return [
        Measurement.of("Start to the first point", "s", [visit.first_point for visit in visits], limit=2.8),
        Measurement.of(
            "Start to the first point, a process waiting", "s", [visit.first_point for visit in warm], limit=0.9
        ),
        Measurement.of("Live tick, received", "kB", [visit.tick for visit in visits], limit=20),
        Measurement.of(f"{memory} (RSS)", "MB", [visit.resident for visit in visits], limit=280),
        Measurement.of(f"{memory} (USS)", "MB", [visit.unique for visit in visits]),
    ]


def _visit(browser: Browser, server: Server, setting: Setting, *, wait: bool = False) -> Visit:
    traffic = Traffic()
    with open_form(browser, server, setting, traffic) as page:
        if wait:
            await_process(server.process)
        clicked, point = see_point(page)
        sizes = _ticks(page, traffic)
        resident, unique = server.memory()
    return Visit(point - clicked, median(sizes) / 1000, resident, unique)


@contextmanager
def open_form(browser: Browser, server: Server, setting: Setting, traffic: Traffic | None = None) -> Iterator[Page]:
    """The Train page of a new visitor, complete, with the settings of a run of `mlp-512`."""
    config = PRESETS["mlp-512"].replace(dataset=setting.dataset, epochs=500)
    with visitor(browser) as page:
        if traffic is not None:
            traffic.follow(page)
        page.goto(f"{server.address}/?{urlencode(config_to_query(config))}")
        page.locator(_START).wait_for()
        # distinguishes the run shown already from the one to come
        first(page, "chart")
        wait_until_idle(page)
        yield page


def see_point(page: Page) -> tuple[float, float]:
    """Press Start; returns when that was and when the first point was on the page, in seconds since 1970."""
    names, before = [say("curves.batches"), say("curves.training")], page.evaluate(_RUNS)
    page.locator(_START).click()
    point = page.wait_for_function(_POINT, arg=[names, before], polling=POLL).json_value()
    began, clicked = page.evaluate("[performance.timeOrigin, clicked]")
    return (began + clicked) / 1000, (began + point) / 1000


def await_process(owner: psutil.Process) -> None:
    """Wait until a training process that this one started is idle and ready for a run.

    Raises RuntimeError if there is none.
    """
    deadline, busy = time.monotonic() + TIMEOUT / 1000, -1.0
    while time.monotonic() < deadline:
        ready = [child for child in owner.children() if "--wait" in child.cmdline()]
        now = sum(sum(child.cpu_times()[:2]) for child in ready)
        if ready and now == busy:
            return
        busy = now
        time.sleep(1)
    raise RuntimeError("No process waits for a run: this machine has 3 GB of free memory at most, or was told not to.")


def _ticks(page: Page, traffic: Traffic) -> list[int]:
    """Bytes received per tick; the page requests each tick, and no one interacts with it."""
    begin = len(traffic.received)
    deadline = time.monotonic() + TIMEOUT / 1000
    while len(traffic.received) <= begin + _TICKS:
        if time.monotonic() > deadline:
            raise RuntimeError("The page has stopped asking for news of the run; see its log.")
        page.wait_for_timeout(100)
    return traffic.received[begin : begin + _TICKS]
