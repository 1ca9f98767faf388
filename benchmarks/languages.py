"""What another language costs: a click, and the first text of a cold visit.

Clicks of one language differ by more than what a language may add. A second visitor in English shows how far chance
alone moves the median of so many.
"""

import contextlib

from benchmarks.browsing import chromium, first, visitor, wait_until_idle
from benchmarks.click import choose_preset
from benchmarks.first_page import finished_run
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, PAGES, serving
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
    texts: dict[str, list[float]] = {tag: [] for tag in tags}
    bare: list[float] = []
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        app = stack.enter_context(serving(APP, setting.folder, runs_dir)).address
        plain = stack.enter_context(serving(PAGES / "hello.py", setting.folder)).address
        pages = {who: stack.enter_context(visitor(browser)) for who in visitors}
        for who, page in pages.items():
            page.goto(f"{app}/?lang={visitors[who]}")
            first(page, "chart")
        for turn in range(2 + setting.turns(full=300, quick=6)):
            for who in _order(list(visitors), turn):
                taken = choose_preset(pages[who], turn, setting)
                # the first of each also loads what the page needs
                if turn > 1:
                    clicks[who].append(taken)
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
    limits = dict.fromkeys(tags, 2.0)
    return [
        *(Measurement.of(f"Click in {who}", "ms", clicks[who]) for who in visitors),
        *(Measurement.of(f"Click in {who}, above English", "ms", more[who], limit=limits.get(who)) for who in others),
        *(
            Measurement.of(f"First text in {tag}", "s", texts[tag], bare, against="bare page, hello", times=1.3)
            for tag in tags
        ),
    ]


def _order(tags: list[str], turn: int) -> list[str]:
    start = turn % len(tags)
    return tags[start:] + tags[:start]
