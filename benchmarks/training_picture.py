"""Records README's animation of a training, in a language: `python -m benchmarks.training_picture zh-Hant`."""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from benchmarks.browsing import TIMEOUT, chromium, wait_until_idle
from benchmarks.serving import APP, serving
from core.places import ROOT
from core.text import ENGLISH, languages

_FORM = "/?preset=mlp-512&epochs=6&validation=last-20"
_SIZE: ViewportSize = {"width": 960, "height": 684}
_FRAMES = 26
_LONGEST_MS, _FIRST_MS, _LAST_MS = 800, 1200, 3500
"""How long a frame is shown at most, and the first and last one: a busy machine's training need not be waited for."""
_STEP_SECONDS = 0.3
_LARGEST = 300_000
"""Bytes of the file."""

Frame = tuple[float, bytes]
"""When a picture was taken, in seconds, and its PNG."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 1 if the file is too large."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_picture", description=__doc__)
    parser.add_argument("language", choices=languages())
    language = parser.parse_args(arguments).language
    frames = _recorded(language)
    path = ROOT / "docs" / ("training.webp" if language == ENGLISH else f"training.{language}.webp")
    _write(_thinned(frames), path)
    print(f"{path}: {path.stat().st_size:,} bytes")
    return int(path.stat().st_size > _LARGEST)


def _recorded(language: str) -> list[Frame]:
    """The page from the form to the verdict of a real training."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(APP, Path(folder)) as server,
        chromium() as browser,
        browser.new_context(viewport=_SIZE, color_scheme="light", locale="en-US") as context,
    ):
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.goto(f"{server.address}{_FORM}&lang={language}")
        wait_until_idle(page)
        page.locator(".live-chart-drawn").first.wait_for()
        frames = [_taken(page)]
        page.locator(".st-key-train-start button").first.click()
        running = page.locator(".st-key-job-stop, [class*=st-key-watch-stop]").first
        running.wait_for()
        while running.is_visible():
            frames.append(_taken(page))
            page.wait_for_timeout(1000 * _STEP_SECONDS)
        wait_until_idle(page)
        return [*frames, _taken(page)]


def _taken(page: Page) -> Frame:
    return time.monotonic(), page.screenshot()


def _thinned(frames: list[Frame]) -> list[Frame]:
    """At most so many frames, with the first and the last, none like the one before."""
    changed = [
        frame for before, frame in zip([None, *frames], frames, strict=False) if not before or before[1] != frame[1]
    ]
    count = min(_FRAMES, len(changed))
    return [changed[round(place * (len(changed) - 1) / (count - 1))] for place in range(count)]


def _write(frames: list[Frame], path: Path) -> None:
    times = [taken for taken, _ in frames]
    between = [min(_LONGEST_MS, round(1000 * (after - before))) for before, after in pairwise(times[1:])]
    first, *others = [Image.open(io.BytesIO(png)).convert("RGB") for _, png in frames]
    durations = [_FIRST_MS, *between, _LAST_MS]
    first.save(path, save_all=True, append_images=others, duration=durations, loop=0, quality=60, method=6)


if __name__ == "__main__":
    sys.exit(main())
