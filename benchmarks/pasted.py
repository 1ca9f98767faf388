"""Time from the click on "Read" until the page shows what it read of a pasted tutorial."""

import json
from pathlib import Path

from benchmarks.browsing import chromium, click_to_texts, first, visitor, wait_until_idle
from benchmarks.first_page import finished_run
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, serving
from benchmarks.setting import Setting
from benchmarks.tutorials.__main__ import SCRIPTS

_LONGEST = 3
"""So many of the scripts, the longest, are pasted."""
_COPIED_MS = 3_000
"""A person fetches the code from another page meanwhile."""
_ANSWER = "The form has the settings of the training in line"


def pasted(setting: Setting) -> list[Measurement]:
    """Each script is pasted by visitors who have never been here before, some seconds after they opened the panel."""
    runs_dir = finished_run(setting)
    scripts = sorted(SCRIPTS.iterdir(), key=lambda path: len(_code(path)))[-_LONGEST:]
    taken: dict[Path, list[float]] = {path: [] for path in scripts}
    with chromium() as browser, serving(APP, setting.folder, runs_dir) as app:
        for turn in range(1 + setting.turns(full=7, quick=2)):
            for path in scripts:
                with visitor(browser) as page:
                    page.goto(app.address)
                    first(page, "chart")
                    page.locator(".st-key-tutorial-open button").click()
                    page.locator(".st-key-tutorial-text textarea").click()
                    page.wait_for_timeout(_COPIED_MS)
                    page.locator(".st-key-tutorial-text textarea").fill(_code(path))
                    wait_until_idle(page)
                    milliseconds = click_to_texts(page, ".st-key-tutorial-read button", [_ANSWER])
                    # the first visit warms up the server
                    if turn:
                        taken[path].append(milliseconds / 1000)
    return [
        Measurement.of(f"Answer to a pasted script of {len(_code(path).splitlines())} lines", "s", times, limit=1)
        for path, times in taken.items()
    ]


def _code(path: Path) -> str:
    """A script, or the lines of a notebook's cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
