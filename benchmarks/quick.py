"""The preset for one epoch: its accuracy over many seeds, its time against an epoch of plain `fit`, and on the page."""

import re
import time
from statistics import fmean

import psutil
from playwright.sync_api import Browser

from benchmarks.browsing import POLL, chromium, first, visitor, wait_until_idle
from benchmarks.live import await_process
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, serving
from benchmarks.setting import Setting
from benchmarks.training import Training, fit_seconds, plain_fit, train
from core.config.presets import preset_for
from core.queue.launcher import Launcher
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import Status
from core.text import say

PRESET, _AGAINST = "cnn-quick", "cnn-16-36"
_SEEDS, _TURNS = 30, 3
_MEAN, _LOWEST = 99.0, 98.8
"""In percent of MNIST's test digits."""
_SECONDS, _TIMES = 5.0, 0.40
_SEEN_SECONDS = 8.0
# the page may show another run before
_TESTED = """([pattern, before]) => [...document.querySelectorAll("[class*=st-key-outcome-]")]
  .map((outcome) => outcome.textContent.match(pattern)?.[0]).filter((text) => text && !before.includes(text))
  .map((text) => [performance.now() - window.clicked, text])[0]"""


def quick(setting: Setting) -> list[Measurement]:
    """Train with many seeds, the first few in turn with one epoch of another preset by plain `fit`."""
    epochs = preset_for(PRESET, setting.dataset).epochs
    seeds, turns = (3, 1) if setting.quick else (_SEEDS, _TURNS)
    ours: list[Training] = []
    plain: list[Training] = []
    awaited: list[float] = []
    for seed in range(1, seeds + 1):
        ours.append(train(PRESET, epochs, setting, seed))
        if seed <= turns:
            plain.append(plain_fit(_AGAINST, 1, setting, seed))
            awaited.append(_awaited_fit(setting, seed))
    accuracies = [run.accuracy for run in ours]
    name = f"{PRESET}, epochs: {epochs}, seeds: {seeds}: "
    rows = [
        Measurement.of(f"{name}test accuracy, mean", "%", [fmean(accuracies)]),
        Measurement.of(f"{name}test accuracy, lowest", "%", [min(accuracies)]),
        Measurement.of(f"{name}test accuracy, highest", "%", [max(accuracies)]),
    ]
    if setting.dataset == "mnist":
        rows += [
            Measurement.of(f"{name}{_MEAN} % less the mean", "points", [_MEAN - fmean(accuracies)], limit=0.0),
            Measurement.of(f"{name}{_LOWEST} % less the lowest", "points", [_LOWEST - min(accuracies)], limit=0.0),
        ]
    return [
        *rows,
        Measurement.of(f"{name}fit, {ours[0].precision}", "s", [run.fit for run in ours], limit=_SECONDS),
        Measurement.of(
            f"{PRESET}, epochs: {epochs}: fit, in turn with an epoch of {_AGAINST}",
            "s",
            [run.fit for run in ours[:turns]],
            [run.fit for run in plain],
            against="plain fit",
            times=_TIMES,
        ),
        Measurement.of(f"{PRESET}, epochs: {epochs}: fit, a process waiting", "s", awaited, limit=_SECONDS),
        Measurement.of(
            f"{PRESET}, epochs: {epochs}: fit, a process waiting, in turn with an epoch of {_AGAINST}",
            "s",
            awaited,
            [run.fit for run in plain],
            against="plain fit",
            times=_TIMES,
        ),
        *_on_the_page(setting),
    ]


def _awaited_fit(setting: Setting, seed: int) -> float:
    """Seconds of `fit` in a process that waited, prepared for the run's settings, as for a run that the form shows."""
    config = preset_for(PRESET, setting.dataset).replace(dataset=setting.dataset, seed=seed)
    launcher = Launcher(settling=0, steady=0)
    launcher.expect(config)
    launcher.tend(busy=False)
    try:
        await_process(psutil.Process())
        status = Status(state="starting", owner=Owner.this())
        folder = RunFolder.create(setting.folder / f"awaited-{seed}", config, status)
        worker = launcher.launch(folder)
        while worker.poll() is None:
            time.sleep(0.1)
    finally:
        launcher.close()
    return fit_seconds(folder)


def _on_the_page(setting: Setting) -> list[Measurement]:
    """From the click on Start, with a process waiting, to the test accuracy on the screen."""
    name = f"{PRESET}, epochs: {preset_for(PRESET, setting.dataset).epochs}: "
    with chromium() as browser:
        seen = [_seen(browser, setting, turn) for turn in range(setting.turns(full=_TURNS, quick=1))]
    return [
        Measurement.of(
            f"{name}Start to its test accuracy on the page", "s", [taken for taken, _ in seen], limit=_SEEN_SECONDS
        ),
        Measurement.of(f"{name}test accuracy on the page, lowest", "%", [min(accuracy for _, accuracy in seen)]),
    ]


def _seen(browser: Browser, setting: Setting, turn: int) -> tuple[float, float]:
    """Seconds, and the accuracy in percent; raises RuntimeError if the page shows none."""
    runs_dir = setting.folder / f"seen-{turn}"
    # without the marks of bold text
    pattern = say("watch.test", accuracy=r"(\d+\.\d+).%", loss=r"[\d.]+", epoch=r"\d+").replace("**", "")
    with serving(APP, setting.folder, runs_dir) as server, visitor(browser) as page:
        page.goto(f"{server.address}/?preset={PRESET}&dataset={setting.dataset}")
        page.locator(".st-key-train-start button:enabled").wait_for()
        first(page, "chart")
        wait_until_idle(page)
        await_process(server.process)
        before = page.locator("[class*=st-key-outcome-]").first.text_content()
        page.locator(".st-key-train-start button:enabled").click()
        taken, text = page.wait_for_function(_TESTED, arg=[pattern, before], polling=POLL).json_value()
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"The page shows no test accuracy: {text}")
    return taken / 1000, float(found[1])
