"""How long a visitor waits for the first text and the first chart."""

import contextlib
import subprocess
import sys
from pathlib import Path

from benchmarks.browsing import chromium, first, visitor, wait_until_idle
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, PAGES, serving
from benchmarks.setting import Setting
from core.places import ROOT

_LINKS = {"charts of Train": "/", "matrix of Results": "/run?tab=results"}
"""Pages that open with a chart in view."""


def first_page(setting: Setting) -> list[Measurement]:
    """Cold visits to warm servers: the app with a finished run, a page with only a text, one with only a chart."""
    runs_dir = finished_run(setting)
    visits = (("text", APP), ("text", PAGES / "hello.py"), ("chart", APP), ("chart", PAGES / "chart.py"))
    seconds: dict[tuple[str, Path], list[float]] = {visit: [] for visit in visits}
    skeletons: dict[str, list[float]] = {name: [] for name in _LINKS}
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        scripts = dict.fromkeys(script for _, script in visits)
        addresses = {
            script: stack.enter_context(serving(script, setting.folder, runs_dir)).address for script in scripts
        }
        for turn in range(1 + setting.turns(full=7, quick=2)):
            for what, script in visits:
                with visitor(browser) as page:
                    page.goto(addresses[script])
                    taken = first(page, what)
                    wait_until_idle(page)
                # the first visit warms up the server
                if turn:
                    seconds[what, script].append(taken)
            for name, link in _LINKS.items():
                with visitor(browser) as page:
                    page.goto(addresses[APP] + link)
                    taken = first(page, "skeleton")
                    wait_until_idle(page)
                if turn:
                    skeletons[name].append(taken)
    compared = [
        Measurement.of(
            f"First {what}",
            "s",
            seconds[what, APP],
            seconds[what, plain],
            against=f"bare page, {plain.stem}",
            times=1.15,
        )
        for what, plain in (("text", PAGES / "hello.py"), ("chart", PAGES / "chart.py"))
    ]
    shown = [
        Measurement.of(f"Skeleton in the place of the {name}", "s", taken, limit=0.3)
        for name, taken in skeletons.items()
    ]
    return [*compared, *shown]


def finished_run(setting: Setting) -> Path:
    """A folder of runs with a short finished one; raises CalledProcessError if it cannot be trained."""
    runs_dir = setting.folder / "finished"
    if not runs_dir.exists():
        options = ["--preset", "mlp-512", "--epochs", "2", "--dataset", setting.dataset, "--runs-dir", str(runs_dir)]
        subprocess.run([sys.executable, "-m", "core.training", *options], cwd=ROOT, capture_output=True, check=True)
    return runs_dir
