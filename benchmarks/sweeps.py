"""A sweep: the pause between two of its trials, and the page of one with a thousand of them."""

import itertools
import subprocess
import sys

from playwright.sync_api import Page

from benchmarks.browsing import POLL, chromium, click_to_texts, visitor, wait_until_idle
from benchmarks.finished_sweep import finished_sweep
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, serving
from benchmarks.setting import Setting
from core.places import ROOT
from core.runs.first_updates import steps_file
from core.runs.store import RunStore
from core.sweeps.folder import SweepFolder
from core.text import say

PRESET = "mlp-512"
_TRIALS, _BETWEEN_SECONDS = 6, 0.5
_KEPT, _OPEN_MS, _CLICK_MS = 1_000, 1_000, 200
_KINDS = ("slice", "intermediate", "importances", "parallel", "contour", "history")
_DRAWN = 'document.querySelector(".js-plotly-plot .scatterlayer .trace")'
# a person sees the frame after the change
_AWAIT_DRAWN = f"""() => {{
  window.drawn = undefined;
  const look = () => {{
    if ({_DRAWN}) window.drawn = performance.now();
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}}"""


def sweeps(setting: Setting) -> list[Measurement]:
    """The pauses of a real sweep, then the page of a finished one in a browser."""
    return [*_between(setting), *_page(setting)]


def _between(setting: Setting) -> list[Measurement]:
    """From a trial's end to the record of the next one's first updates, with a process that waits."""
    runs = setting.folder / "between"
    varied = ["--vary", "learning_rate=0.0005..0.002:log", "--sampler", "random", "--confirm", "0"]
    run = ["--preset", PRESET, "--dataset", setting.dataset, "--set", "validation=last-20"]
    trials = setting.turns(full=_TRIALS, quick=3)
    command = [sys.executable, "-m", "core.sweeps", *run, *varied, "--trials", str(trials), "--runs-dir", str(runs)]
    # nothing watches it, which would take processor time from what is measured
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
        raise RuntimeError("The sweep failed; run python -m core.sweeps to see why.")
    folders = [run.folder for run in RunStore(runs, runs / "none").runs()]
    # both files are written once at these moments and stay as they are
    moments = sorted(
        (steps_file(folder).stat().st_mtime, (folder.path / "status.json").stat().st_mtime) for folder in folders
    )
    pauses = [begun - ended for (_, ended), (begun, _) in itertools.pairwise(moments)]
    name = f"Sweep of {PRESET}, a trial's end to the next one's first batches"
    return [Measurement.of(name, "s", pauses, limit=_BETWEEN_SECONDS)]


def _page(setting: Setting) -> list[Measurement]:
    """Open a sweep from the list of sweeps, and choose its figures."""
    folder = finished_sweep(setting.folder / "kept", setting.dataset, _KEPT)
    name = f"Sweep of {_KEPT:,} trials"
    with (
        serving(APP, setting.folder, folder.path.parent.parent) as server,
        chromium() as browser,
        visitor(browser) as page,
    ):
        page.goto(f"{server.address}/sweep")
        # the first time also loads what a page needs
        opened = [_opened(page, folder) for _ in range(1 + setting.turns(full=5, quick=2))]
        page.locator(f'a[href*="{folder.id}"]').click()
        page.wait_for_function(_DRAWN, polling=POLL)
        wait_until_idle(page)
        clicks = list[float]()
        for turn in range(1 + setting.turns(full=5, quick=1)):
            for kind in _KINDS:
                button = f'.st-key-sweep-figures >> text="{say(f"sweep_page.figures.{kind}")}"'
                taken = click_to_texts(page, button, [say(f"sweep_page.read.{kind}")])
                wait_until_idle(page)
                clicks += [taken] if turn else []
    return [
        Measurement.of(f"{name}, opened from the list", "ms", opened[1:], limit=_OPEN_MS),
        Measurement.of(f"{name}, click on a figure's name to its text", "ms", clicks, limit=_CLICK_MS),
    ]


def _opened(page: Page, folder: SweepFolder) -> float:
    """Milliseconds from the click on the sweep's link to the frame with its figure; returns to the list."""
    link = page.locator(f'a[href*="{folder.id}"]')
    link.wait_for()
    wait_until_idle(page)
    page.evaluate(_AWAIT_DRAWN)
    link.click()
    page.wait_for_function("window.drawn", polling=POLL)
    taken = float(page.evaluate("drawn - clicked"))
    wait_until_idle(page)
    page.go_back()
    return taken
