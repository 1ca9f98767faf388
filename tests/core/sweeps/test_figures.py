"""Optuna's figures as files: each point has the number of its trial."""

import json

import numpy as np
import optuna
import pytest

from core.sweeps.figures import draw_figures
from core.sweeps.folder import SweepFolder
from core.sweeps.samplers import distributions
from core.sweeps.study import Study
from tests.core.sweeps.conftest import RATES, a_sweep


def filled(folder, sweep, trials):
    """A study of finished trials with values by chance."""
    study = Study(folder, sweep)
    chance, wanted = np.random.default_rng(0), distributions(sweep)
    made = []
    for number in range(trials):
        values = {}
        for name, each in wanted.items():
            if isinstance(each, optuna.distributions.CategoricalDistribution):
                values[name] = each.choices[chance.integers(len(each.choices))]
            else:
                values[name] = float(chance.uniform(each.low, each.high))
        losses = {epoch: float(chance.uniform(0.1, 1)) for epoch in (1, 2, 3)}
        scores = [float(number) + 0.5, *[float(chance.uniform())] * (len(sweep.directions) - 1)]
        given = {"intermediate_values": losses} if len(scores) == 1 else {}
        made.append(optuna.trial.create_trial(params=values, distributions=wanted, values=scores, **given))
    study.optuna.add_trials(made)
    return study


def test_every_point_leads_to_its_trial(runs):
    folder = SweepFolder.create(runs, a_sweep())
    # two lists of numbers, by which Optuna sorts its lines
    sweep = a_sweep(RATES, "batch_size=32,64,128", "epochs=2,3", "optimizer=adam,sgd")
    study = filled(folder, sweep, 30)
    draw_figures(study, folder)
    trials = study.optuna.trials
    files = {path.stem: json.loads(path.read_text()) for path in folder.figure("x").parent.glob("*.json")}
    assert {name.partition("-")[0] for name in files} == {
        *("history", "parallel", "slice", "contour", "intermediate", "importances")
    }
    for number, y in zip(*(files["history"]["data"][0][name] for name in ("customdata", "y")), strict=True):
        assert trials[number[0]].value == y
    for line in files["parallel"]["data"]:
        if "meta" in line:
            shown = dict(text.split(": ", 1) for text in line["hovertext"])
            trial = trials[line["customdata"][0][0]]
            assert float(shown["Objective Value"]) == pytest.approx(trial.value, rel=1e-2)
            assert (shown["batch_size"], shown["optimizer"]) == (
                str(trial.params["batch_size"]),
                trial.params["optimizer"],
            )
    slices = files["slice-learning_rate"]["data"][0]
    for number, x in zip(slices["customdata"], slices["x"], strict=True):
        assert trials[number[0]].params["learning_rate"] == x
    points = files["contour-batch_size-learning_rate"]["data"][1]
    for number, y in zip(points["customdata"], points["y"], strict=True):
        assert trials[number[0]].params["learning_rate"] == y
    for course in files["intermediate"]["data"]:
        assert list(trials[course["customdata"][0][0]].intermediate_values.values()) == course["y"]


def test_the_pareto_front_leads_to_its_trials(runs):
    folder = SweepFolder.create(runs, a_sweep())
    sweep = a_sweep(RATES, "batch_size=32,64", second="parameters", sampler="nsga2")
    study = filled(folder, sweep, 9)
    draw_figures(study, folder)
    values = json.loads(folder.figure("pareto").read_text())
    found = {}
    for trace in values["data"]:
        for number, x in zip(trace.get("customdata", ()), trace.get("x", ()), strict=True):
            found[number[0]] = x
    assert found == {trial.number: trial.values[0] for trial in study.optuna.trials}


def test_of_trials_that_are_alike_each_is_as_good_as_the_best(runs):
    folder = SweepFolder.create(runs, a_sweep())
    study = Study(folder, a_sweep())
    wanted = distributions(a_sweep())
    study.optuna.add_trials(
        [optuna.trial.create_trial(params={"learning_rate": 0.01}, distributions=wanted, value=0.5) for _ in range(2)]
    )
    draw_figures(study, folder)
    lines = json.loads(folder.figure("parallel").read_text())["data"]
    assert [line["meta"] for line in lines if "meta" in line] == [1.0, 1.0]
