"""What another language costs: a click, and the first text of a cold visit.

Clicks of one language differ by more than what a language may add, as a second visitor in English shows. So the limit
is on the processor time that a click takes of the server and of the browser's process for the page.
"""

import contextlib
from collections.abc import Callable
from statistics import fmean

from playwright.sync_api import Page

from benchmarks.browsing import chromium, first, visitor, wait_until_idle
from benchmarks.click import choose_preset
from benchmarks.first_page import finished_run
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, PAGES, Server, serving
from benchmarks.setting import Setting
from core.text import ENGLISH
from core.text import languages as offered

_SECOND = "en, second visitor"


def languages(setting: Setting) -> list[Measurement]:
    """The same clicks and visits in every language by turns, each turn in another order."""
    runs_dir = finished_run(setting)
    tags = list(offered())
    visitors = {tag: tag for tag in tags} | {_SECOND: ENGLISH}
    clicks: dict[str, list[float]] = {who: [] for who in visitors}
    processor: dict[str, list[float]] = {who: [] for who in visitors}
    texts: dict[str, list[float]] = {tag: [] for tag in tags}
    bare: list[float] = []
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        server = stack.enter_context(serving(APP, setting.folder, runs_dir))
        app = server.address
        plain = stack.enter_context(serving(PAGES / "hello.py", setting.folder)).address
        pages = {who: stack.enter_context(visitor(browser)) for who in visitors}
        for who, page in pages.items():
            page.goto(f"{app}/?lang={visitors[who]}")
            first(page, "chart")
        busy = {who: _busy(page, server) for who, page in pages.items()}
        for turn in range(2 + setting.turns(full=300, quick=6)):
            for who in _order(list(visitors), turn):
                wait_until_idle(pages[who])
                before = busy[who]()
                taken = choose_preset(pages[who], turn, setting)
                wait_until_idle(pages[who])
                # the first of each also loads what the page needs
                if turn > 1:
                    clicks[who].append(taken)
                    processor[who].append(1000 * (busy[who]() - before))
        for turn in range(1 + setting.turns(full=7, quick=2)):
            for tag in (*_order(tags, turn), ""):
                with visitor(browser) as page:
                    page.goto(f"{app}/?lang={tag}" if tag else plain)
                    taken = first(page, "text")
                    wait_until_idle(page)
                # the first visit warms up the server
                if turn:
                    (texts[tag] if tag else bare).append(taken)
    others = [who for who in visitors if who != ENGLISH]
    more = {who: [ours - english for ours, english in zip(clicks[who], clicks[ENGLISH], strict=True)] for who in others}
    # means, since a server's processor time is counted in hundredths of a second
    mean = {who: fmean(taken) for who, taken in processor.items()}
    limits = dict.fromkeys(tags, 2.0)
    return [
        *(Measurement.of(f"Click in {who}", "ms", clicks[who]) for who in visitors),
        *(Measurement.of(f"Click in {who}, above English", "ms", more[who]) for who in others),
        *(Measurement.of(f"Processor time of a click in {who}", "ms", [mean[who]]) for who in visitors),
        *(
            Measurement.of(
                f"Processor time of a click in {who}, above English",
                "ms",
                [mean[who] - mean[ENGLISH]],
                limit=limits.get(who),
            )
            for who in others
        ),
        *(
            Measurement.of(f"First text in {tag}", "s", texts[tag], bare, against="bare page, hello", times=1.3)
            for tag in tags
        ),
    ]


def _busy(page: Page, server: Server) -> Callable[[], float]:
    """What says how many processor seconds the server and the browser's process for the page have used so far."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def seconds() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        used = {each["name"]: float(each["value"]) for each in metrics}
        return used["ProcessTime"] + server.busy_seconds()

    return seconds


def _order(tags: list[str], turn: int) -> list[str]:
    start = turn % len(tags)
    return tags[start:] + tags[:start]
