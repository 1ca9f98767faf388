"""What another language costs: a click, and the first text of a cold visit."""

import contextlib

from benchmarks.browsing import chromium, first, visitor, wait_until_idle
from benchmarks.click import choose_preset
from benchmarks.first_page import finished_run
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, PAGES, serving
from benchmarks.setting import Setting
from core.text import ENGLISH
from core.text import languages as offered


def languages(setting: Setting) -> list[Measurement]:
    """The same clicks and visits in every language by turns, each turn in another order."""
    runs_dir = finished_run(setting)
    tags = list(offered())
    clicks: dict[str, list[float]] = {tag: [] for tag in tags}
    texts: dict[str, list[float]] = {tag: [] for tag in tags}
    bare: list[float] = []
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        app = stack.enter_context(serving(APP, setting.folder, runs_dir)).address
        plain = stack.enter_context(serving(PAGES / "hello.py", setting.folder)).address
        pages = {tag: stack.enter_context(visitor(browser)) for tag in tags}
        for tag, page in pages.items():
            page.goto(f"{app}/?lang={tag}")
            first(page, "chart")
        for turn in range(2 + setting.turns(full=80, quick=6)):
            for tag in _order(tags, turn):
                taken = choose_preset(pages[tag], turn, setting)
                # the first of each also loads what the page needs
                if turn > 1:
                    clicks[tag].append(taken)
        for turn in range(1 + setting.turns(full=7, quick=2)):
            for tag in (*_order(tags, turn), ""):
                with visitor(browser) as page:
                    page.goto(f"{app}/?lang={tag}" if tag else plain)
                    taken = first(page, "text")
                    wait_until_idle(page)
                # the first visit warms up the server
                if turn:
                    (texts[tag] if tag else bare).append(taken)
    others = [tag for tag in tags if tag != ENGLISH]
    more = {tag: [ours - english for ours, english in zip(clicks[tag], clicks[ENGLISH], strict=True)] for tag in others}
    return [
        *(Measurement.of(f"Click in {tag}", "ms", clicks[tag]) for tag in tags),
        *(Measurement.of(f"Click in {tag}, above the English one", "ms", more[tag], limit=2) for tag in others),
        *(
            Measurement.of(f"First text in {tag}", "s", texts[tag], bare, against="bare page, hello", times=1.3)
            for tag in tags
        ),
    ]


def _order(tags: list[str], turn: int) -> list[str]:
    start = turn % len(tags)
    return tags[start:] + tags[:start]
