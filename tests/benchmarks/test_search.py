"""Simulated sweeps: the trainings behind them, and how a trial ends as one of them."""

import math

import numpy as np
import pytest

from benchmarks.search.__main__ import main
from benchmarks.search.simulation import best_found, by_chance
from benchmarks.search.trainings import BASE, Trainings, drawn, trained
from core.sweeps.variation import applied


@pytest.fixture(scope="module")
def trainings():
    return Trainings.read()


def test_the_kept_trainings_are_those_whose_settings_are_drawn(trainings):
    assert trainings.settings.tolist() == [[float(f"{value:g}") for value in each.values()] for each in drawn()]
    assert trainings.losses.shape == trainings.accuracies.shape == (len(drawn()), BASE.epochs)
    # the sample of 5,000 has 800 digits that validate
    right = 800 * trainings.accuracies
    assert right == pytest.approx(np.round(right), abs=0.01, nan_ok=True)


def test_a_simulated_sweep_finds_the_accuracy_of_a_training(trainings):
    found = best_found(by_chance(3), trainings, seed=1)
    assert found in trainings.scores
    assert found == best_found(by_chance(3), trainings, seed=1)


def test_a_training_whose_loss_became_nan_is_never_the_best():
    sizes = np.repeat([32, 64, 128, 256], 4)
    settings = np.column_stack([np.full(16, 0.001), np.full(16, 64), sizes])
    losses = np.where(sizes[:, None] == 32, [0.5, 0.4, 0.2, 0.3], [0.1, math.nan, math.nan, math.nan])
    trainings = Trainings(settings, losses, 1 - losses)
    assert trainings.scores.tolist() == [0.8] * 4 + [0.0] * 12
    assert best_found(by_chance(20), trainings, seed=1) == 0.8


def test_the_command_prints_its_table(capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.search.__main__._TRIALS", (2,))
    main(["--sweeps", "2"])
    head, _, row = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in head.split("|")[1:-1]][2:] == ["random", "a tenth", "a quarter up to three"]
    assert row.split("|")[1].strip() == "2"


@pytest.mark.slow
def test_a_training_made_again_is_about_as_good(trainings):
    place = int(np.argmax(trainings.scores))
    figures = trained(applied(BASE, drawn()[place]).replace(seed=place + 1))
    assert figures[1::2] == pytest.approx(trainings.accuracies[place], abs=0.02)
