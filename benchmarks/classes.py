"""The confusion matrix of a hundred classes, as the browser draws it."""

import os

import numpy as np

from benchmarks.browsing import POLL, chromium, visitor, wait_until_idle
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, serving
from benchmarks.setting import Setting
from core.config.presets import PRESETS
from core.data.adding import Texts, add
from core.data.datasets import load
from core.data.importing import Choices
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.status import Status
from core.text import say

_CLASSES, _TEST, _EPOCHS = 100, 10_000, 3
_LIMIT = 300
_CHART = "[class*=st-key-confusion-matrix] .js-plotly-plot"
_AWAIT = f"""() => {{
  const drawn = () => document.querySelector("{_CHART} .heatmaplayer image")?.getAttribute("href");
  const before = drawn();
  window.drawn = undefined;
  const look = () => {{
    if (drawn() && drawn() !== before) window.drawn = performance.now();
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}}"""
"""Takes the time of the first frame with other cells than now."""


def classes(setting: Setting) -> list[Measurement]:
    """Sort the matrix by similarity and back; each click redraws all 10,000 cells."""
    os.environ["DIGIT_LAB_DATA"] = str(setting.folder / "data")
    run = _finished(setting)
    times = []
    with serving(APP, setting.folder, run.path.parent) as server, chromium() as browser, visitor(browser) as page:
        page.goto(f"{server.address}/run?run={run.id}&tab=results")
        page.locator(f"{_CHART} .heatmaplayer image").first.wait_for()
        wait_until_idle(page)
        # the first click also loads what the page needs
        for _ in range(1 + setting.turns(full=20, quick=6)):
            page.evaluate(_AWAIT)
            page.get_by_text(say("confusion.similar"), exact=True).click()
            page.wait_for_function("window.drawn", polling=POLL)
            times.append(float(page.evaluate("drawn - clicked")))
            wait_until_idle(page)
    return [Measurement.of(f"Confusion matrix of {_CLASSES} classes, click to drawn", "ms", times[1:], limit=_LIMIT)]


def _finished(setting: Setting) -> RunFolder:
    """A run on a data set of many classes, with random answers of which more are right after each epoch."""
    random = np.random.default_rng(1)
    labels = np.arange(_TEST + _CLASSES) % _CLASSES
    images = random.integers(0, 256, (len(labels), 8, 8), np.uint8)
    path = setting.folder / "classes.npz"
    np.savez(path, x_train=images[_TEST:], y_train=labels[_TEST:], x_test=images[:_TEST], y_test=labels[:_TEST])
    add("hundred", [path], Choices(), Texts(), lambda *_: None)
    config = PRESETS["layers"].replace(dataset="hundred", validation="none", layers="flatten")
    run = RunFolder.create(setting.folder / "classes", config, Status(state="finished", epoch=_EPOCHS))
    rows = [(epoch, 1 / epoch, epoch / 5, 1 / epoch, epoch / 5, 0.001, 1) for epoch in range(1, _EPOCHS + 1)]
    lines = (",".join(map(str, row)) for row in (EPOCH_COLUMNS, *rows))
    run.epochs_csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
    true = load("hundred").test_labels
    for epoch in range(1, _EPOCHS + 1):
        wrong = (true + random.integers(1, _CLASSES, _TEST)) % _CLASSES
        logits = random.normal(0, 0.5, (_TEST, _CLASSES))
        logits[np.arange(_TEST), np.where(random.random(_TEST) < epoch / 5, true, wrong)] += 6
        logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        run.predictions(epoch).parent.mkdir(exist_ok=True)
        np.savez(run.predictions(epoch), test=logs.astype(np.float16))
    np.savez(run.labels, test=true)
    return run
