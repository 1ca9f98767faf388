"""Time from a click in each view until the browser shows what was chosen, while a run trains beside it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from playwright.sync_api import Page

from benchmarks.beside import training
from benchmarks.browsing import chromium, click_to_texts, visitor, wait_until_idle
from benchmarks.click import preset_button, shown_of_preset
from benchmarks.finished_sweep import finished_sweep
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, PAGES, serving
from benchmarks.setting import Setting
from benchmarks.views import RUNS
from core import formatting as figures
from core.runs.entries import Run
from core.runs.predictions import predicted_epochs, read_answers
from core.runs.store import RunStore
from core.text import say

_TRIALS = 20
_OTHER = "mlp-512"
"""A shipped run to compare with."""


@dataclass(frozen=True, slots=True)
class _Click:
    """A button, and what the page shows after it and no longer shows."""

    button: str
    texts: Sequence[str]
    gone: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _View:
    """A view by its link, and two clicks by turns; a click on each of `opens` comes before."""

    name: str
    link: str
    clicks: tuple[_Click, _Click]
    opens: Sequence[str] = field(default=())


def view_clicks(setting: Setting) -> list[Measurement]:
    """Each view of the app by turns with a bare page, in one browser and with the real training of a small network."""
    runs_dir = setting.folder / "clicked"
    sweep = finished_sweep(runs_dir, setting.dataset, _TRIALS).id
    views = _views(setting, RunStore(runs_dir).find(RUNS[setting.dataset]), sweep)
    with (
        training(runs_dir, setting.dataset),
        chromium() as browser,
        serving(APP, setting.folder, runs_dir) as app,
        serving(PAGES / "choice.py", setting.folder) as bare,
        visitor(browser) as page,
        visitor(browser) as bare_page,
    ):
        bare_page.goto(bare.address)
        return [_measured(page, app.address, bare_page, view, setting) for view in views]


def _measured(page: Page, address: str, bare_page: Page, view: _View, setting: Setting) -> Measurement:
    ours, plain = list[float](), list[float]()
    page.goto(address + view.link)
    for button in view.opens:
        page.locator(button).click()
        wait_until_idle(page)
    for turn, click in zip(range(2 + setting.turns(full=12, quick=2)), itertools.cycle(view.clicks), strict=False):
        taken = _clicked(page, click)
        option = 1 + turn % 2
        bare_taken = _clicked(bare_page, _Click(f".st-key-choice [role=radio] >> nth={option}", [f"chosen: {option}"]))
        # the first of each also loads what the page needs
        if turn > 1:
            ours.append(taken)
            plain.append(bare_taken)
    name = f"Click to redraw, {view.name}, a run training"
    return Measurement.of(name, "ms", ours, plain, against="bare page, choice", limit=150)


def _clicked(page: Page, click: _Click) -> float:
    page.bring_to_front()
    page.locator(click.button).wait_for()
    wait_until_idle(page)
    return click_to_texts(page, click.button, click.texts, click.gone)


def _views(setting: Setting, run: Run, sweep: str) -> list[_View]:
    single, pair = say("difference.title_epochs"), say("comparison.title", count=2)
    row = f'.st-key-runs-table tr[data-id="{_OTHER}"] input'
    log_scale = say("chart_settings.log_scale", axis="").strip()
    toggle = '.st-key-log_loss [data-testid="stCheckbox"] label'
    return [
        _View("Train", "/", _presets(setting), opens=[".st-key-train-unfold button"]),
        _View("Runs", _link("runs", runs=run.id), (_Click(row, [pair], [single]), _Click(row, [single]))),
        _View("Sweep", _link("sweep", sweep=sweep), (_figure("slice"), _figure("history"))),
        _View(
            "Draw",
            _link("draw"),
            (
                _choice("view-source", "draw.sources.test", ["draw.another", "way.title"]),
                _choice("view-source", "draw.sources.draw", ["draw.pen"]),
            ),
        ),
        _View(
            "Learn",
            _link("learn"),
            (
                _choice("view-lesson", "lessons.names.convolution", ["lessons.point.convolution", "lessons.inside"]),
                _choice("view-lesson", "lessons.names.pixels", ["lessons.point.pixels"]),
            ),
        ),
        _View(
            "Data",
            _link("data"),
            (
                _choice("view-aspect", "data_page.aspects.environment", ["data_page.machine"]),
                _choice("view-aspect", "data_page.aspects.typical", ["data_page.means"]),
            ),
        ),
        _View(
            "Curves",
            _link("run", run=run.id, tab="curves"),
            (_Click(toggle, [log_scale]), _Click(toggle, [], [log_scale])),
            opens=[".st-key-chart-settings button"],
        ),
        _View("Results", _link("run", run=run.id, tab="results"), (_epoch(run, "first"), _epoch(run, "best"))),
        _View(
            "Mistakes",
            _link("run", run=run.id, tab="mistakes"),
            (
                _choice("view-show", "mistakes.shows.table", ["table.find"]),
                _choice("view-show", "mistakes.shows.mistakes", ["mistakes.sort"]),
            ),
        ),
        _View(
            "Inside",
            _link("run", run=run.id, tab="inside"),
            (
                _choice("view-part", "inside.parts.weights", ["inside_weights.silent"]),
                _choice("view-part", "inside.parts.layers", ["inside_layers.row_head"]),
            ),
        ),
        _View(
            "Settings and code",
            _link("run", run=run.id, tab="settings"),
            (
                _Click("[class*=st-key-new_runs-fork] button", [say("new_runs.last_epoch")]),
                _Click("[class*=st-key-new_runs-longer] button", [say("new_runs.more_epochs")]),
            ),
        ),
    ]


def _link(page: str, **parameters: str) -> str:
    return f"/{page}?{urlencode(parameters)}"


def _choice(key: str, option: str, texts: Sequence[str]) -> _Click:
    """The option of this text in a segmented control; texts by their keys in the catalogue."""
    return _Click(f'[class*="st-key-{key}-"] >> text="{say(option)}"', [say(text) for text in texts])


def _presets(setting: Setting) -> tuple[_Click, _Click]:
    first, second = (_Click(preset_button(turn), shown_of_preset(turn, setting)) for turn in range(2))
    return first, second


def _figure(kind: str) -> _Click:
    button = f'.st-key-sweep-figures >> text="{say(f"sweep_page.figures.{kind}")}"'
    return _Click(button, [say(f"sweep_page.read.{kind}")])


def _epoch(run: Run, which: str) -> _Click:
    """The first or the best epoch, and the accuracy after it."""
    epoch = (run.status.best_epoch or run.status.epoch) if which == "best" else min(predicted_epochs(run.folder))
    answers = read_answers(run.folder, run.manifest.config, epoch, "test")
    return _Click(f".st-key-looking-{which} button", [figures.percent(answers.accuracy)])
