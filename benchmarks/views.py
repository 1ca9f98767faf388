"""Server time of every view: first pages, tabs and choices while a run trains, and switches while none does."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.beside import training
from benchmarks.finished_sweep import finished_sweep
from benchmarks.measurement import Measurement
from benchmarks.setting import Setting
from benchmarks.visiting import Visit, rest, visitable

RUNS = {"mnist": "cnn-16-36", "mnist-5k": "cnn-16-36-5k"}
"""A shipped run for each data set, whose digits are then available."""


@dataclass(frozen=True, slots=True)
class _View:
    """A view, by page and tab or other parameters, and the widget in which a visitor chooses."""

    name: str
    page: str
    link: dict[str, str]
    widget: str
    values: tuple[Any, ...] = ()
    """Values to choose in turn; by default all options of the widget."""

    def link_to(self, run: str, sweep: str = "") -> dict[str, str]:
        """The query parameters of this view, of this run or sweep where it shows one."""
        return self.link | {"run": {"run": run}, "sweep": {"sweep": sweep}}.get(self.page, {})


_TABS = (
    _View("Curves", "run", {"tab": "curves"}, "log_loss", (True, False)),
    _View("Results", "run", {"tab": "results"}, "view.true"),
    _View("Mistakes", "run", {"tab": "mistakes"}, "view.sort"),
    _View("Inside", "run", {"tab": "inside"}, "view.subject"),
    _View("Settings and code", "run", {"tab": "settings"}, "new_runs.fork", (True, False)),
)
_PAGES = (
    _View("Train", "", {}, "log_loss", (True, False)),
    _View("Runs", "runs", {}, "runs.filter", ("cnn", "mlp", "lenet")),
    _View("Draw", "draw", {}, "view.source"),
    _View("Learn", "learn", {}, "view.lesson"),
    _View("Data", "data", {}, "view.aspect"),
)
_SWEEP = _View("Sweep", "sweep", {}, "view.figure")
_TRIALS = 20


def views(setting: Setting) -> list[Measurement]:
    """Each view, with the real training of a small network beside it, and without."""
    return [*_beside_a_training(setting), *_while_nothing_trains(setting)]


def _beside_a_training(setting: Setting) -> list[Measurement]:
    runs_dir, run = setting.folder / "beside", RUNS[setting.dataset]
    firsts: dict[str, list[float]] = {tab.name: [] for tab in _TABS}
    chosen: dict[str, list[float]] = {}
    sweep = finished_sweep(runs_dir, setting.dataset, _TRIALS).id
    with training(runs_dir, setting.dataset):
        for _, tab in itertools.product(range(setting.turns(full=5, quick=1)), _TABS):
            with visitable(setting.folder, runs_dir) as server:
                visit = Visit(server)
                visit.open("")
                rest(server)
                firsts[tab.name].append(visit.open(tab.page, run=run, **tab.link))
        with visitable(setting.folder, runs_dir) as server:
            visit = Visit(server)
            visit.open("")
            opened = _opened(visit, _TABS, run, setting.turns(full=20, quick=4))
            for view in (*_PAGES, *_TABS, _SWEEP):
                visit.open(view.page, **view.link_to(run, sweep))
                chosen[view.name] = _choices(visit, view, setting.turns(full=20, quick=6))
    return [
        *(Measurement.of(f"{name}, first page of a run", "ms", times, limit=600) for name, times in firsts.items()),
        *(Measurement.of(f"{name}, tab opened", "ms", times, limit=250) for name, times in opened.items()),
        *(Measurement.of(f"{name}, a choice", "ms", times, limit=150) for name, times in chosen.items()),
    ]


def _while_nothing_trains(setting: Setting) -> list[Measurement]:
    run = RUNS[setting.dataset]
    with visitable(setting.folder, setting.folder / "idle") as server:
        opened = _opened(Visit(server), (*_PAGES, *_TABS), run, setting.turns(full=20, quick=4))
    return [
        Measurement.of(f"{name}, opened again, server idle", "ms", taken, limit=120) for name, taken in opened.items()
    ]


def _opened(visit: Visit, views: Sequence[_View], run: str, turns: int) -> dict[str, list[float]]:
    """Times of opening the views in turn; the first of each, which also loads what it needs, does not count."""
    taken: dict[str, list[float]] = {view.name: [] for view in views}
    for turn, view in itertools.product(range(1 + turns), views):
        time_taken = visit.open(view.page, **view.link_to(run))
        if turn:
            taken[view.name].append(time_taken)
    return taken


def _choices(visit: Visit, view: _View, turns: int) -> list[float]:
    """Times of choices; the first of each value, which also loads what it needs, does not count."""
    widget = visit.element(view.widget)
    values = view.values or tuple(option for option in widget["props"]["options"] if option != widget["value"])[:4]
    for value in values:
        visit.choose(view.widget, value)
    return [visit.choose(view.widget, value) for value in itertools.islice(itertools.cycle(values), turns)]
