"""Optuna's figures of a sweep, as files that pages show without Optuna: each point has the number of its trial."""

import json
import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution
from optuna.trial import FrozenTrial, TrialState

from core.sweeps.folder import SweepFolder
from core.sweeps.study import Study

MOST_LINES, MOST_COURSES, MOST_CORNERS = 200, 60, 100
"""The most trials as parallel coordinates, of whose losses, and in a contour: browsers draw more slowly."""
_MOST_PAIRS = 15
_Trials = Sequence[FrozenTrial]


def draw_figures(study: Study, folder: SweepFolder) -> None:
    """Write each figure for which there are enough trials; raises OSError."""
    # imported late, since it imports Plotly and SciPy
    from optuna import visualization as plots

    done = [
        trial
        for trial in study.optuna.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        if all(map(math.isfinite, trial.values))
    ]
    if not done:
        return
    folder.figure("x").parent.mkdir(exist_ok=True)
    single = len(study.optuna.directions) == 1
    best = sorted(done, key=lambda trial: trial.values[0], reverse=study.optuna.directions[0].name == "MAXIMIZE")
    draw: dict[str, Callable[[], Any]] = {}
    if single:
        draw["history"] = lambda: _history(plots, study.optuna)
        draw["parallel"] = lambda: _parallel(plots, study.optuna, best[:MOST_LINES])
        if (courses := _courses(study.optuna)) is not None:
            draw["intermediate"] = lambda: _intermediate(plots, study.optuna, courses)
        names = sorted({name for trial in done for name in trial.params})
        for name in names:
            draw[f"slice-{name}"] = partial(_slice, plots, study.optuna, name)
        for pair in list(combinations(names, 2))[:_MOST_PAIRS]:
            draw[f"contour-{'-'.join(pair)}"] = partial(_contour, plots, study.optuna, best[:MOST_CORNERS], pair)
        if len(names) > 1 and len(done) > len(names):
            draw["importances"] = lambda: plots.plot_param_importances(study.optuna)
    else:
        draw["pareto"] = lambda: _numbered(plots.plot_pareto_front(study.optuna))
    for name, figure in draw.items():
        try:
            drawn = figure()
        except (ValueError, RuntimeError, ZeroDivisionError, IndexError):
            # such as importances of trials that are all alike
            continue
        values = json.loads(drawn.to_json())
        values["layout"].pop("template", None)
        folder.write_json(f"figures/{name}.json", values)


def _history(plots: Any, study: optuna.Study) -> Any:
    figure = plots.plot_optimization_history(study)
    points = figure.data[0]
    points.customdata = [[number] for number in points.x]
    return figure


def _slice(plots: Any, study: optuna.Study, name: str) -> Any:
    return _numbered(plots.plot_slice(study, params=[name]))


def _numbered(figure: Any) -> Any:
    """The figure, whose points are colored by their trials' numbers, with those as data."""
    for trace in figure.data:
        if trace.marker.color is not None and not isinstance(trace.marker.color, str):
            trace.customdata = [[int(number)] for number in trace.marker.color]
    return figure


def _parallel(plots: Any, study: optuna.Study, trials: _Trials) -> Any:
    figure = plots.plot_parallel_coordinate(_copy(study, trials))
    ordered = [trials[place] for place in _numeric_order(trials)]
    scores = [trial.values[0] for trial in trials]
    low, high = min(scores), max(scores)
    first = high if study.direction.name == "MAXIMIZE" else low
    for trace, trial in zip(figure.data, ordered, strict=False):
        trace.hovertext = [f"{name}: {value}" for name, value in trace.customdata]
        trace.hovertemplate = "%{hovertext}"
        trace.customdata = [[trial.number] for _ in trace.x]
        # a line without markers cannot be clicked
        trace.mode = "lines+markers"
        # where all are alike, each is the best
        trace.meta = 1 - abs(trial.values[0] - first) / (high - low) if high > low else 1.0
    return figure


def _numeric_order(trials: _Trials) -> list[int]:
    """The order of the lines: Optuna sorts them by the lists of numbers among the settings."""
    numeric = [
        name
        for name in sorted(trials[0].params)
        if isinstance(choices := trials[0].distributions[name], CategoricalDistribution)
        and all(isinstance(value, int | float) and not isinstance(value, bool) for value in choices.choices)
    ]
    if not numeric:
        return list(range(len(trials)))
    return [int(place) for place in np.lexsort([[trial.params[name] for trial in trials] for name in numeric][::-1])]


def _courses(study: optuna.Study) -> _Trials | None:
    """The newest trials whose loss is known after each epoch; None where there are none."""
    known = [trial for trial in study.get_trials(deepcopy=False) if trial.intermediate_values]
    return known[-MOST_COURSES:] or None


def _intermediate(plots: Any, study: optuna.Study, trials: _Trials) -> Any:
    figure = plots.plot_intermediate_values(_copy(study, trials))
    sign = -1 if study.direction.name == "MAXIMIZE" else 1
    for trace in figure.data:
        trial = trials[int(trace.name.removeprefix("Trial"))]
        trace.customdata = [[trial.number] for _ in trace.x]
        trace.name = str(trial.number)
        trace.meta = trial.state.name
        trace.y = [sign * value for value in trace.y]
    return figure


def _contour(plots: Any, study: optuna.Study, trials: _Trials, pair: tuple[str, str]) -> Any:
    figure = plots.plot_contour(_copy(study, trials), params=list(pair))
    for trace in figure.data:
        if trace.type == "scatter" and trace.x is not None and len(trace.x) == len(trials):
            trace.customdata = [[trial.number] for trial in trials]
    return figure


def _copy(study: optuna.Study, trials: _Trials) -> optuna.Study:
    """A study of these trials alone, numbered in their order."""
    copy = optuna.create_study(directions=study.directions)
    copy.add_trials([trial for trial in trials if trial.state != TrialState.RUNNING])
    return copy
