"""Sweeps whose trials end as trainings did that had such settings."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import optuna

from benchmarks.search.trainings import BASE, VARIED, Trainings
from core.sweeps.samplers import distributions, pruner_of, sampler_of
from core.sweeps.sweep import Sweep

_NEAREST = 4
"""A trial ends as one of so many trainings whose settings are nearest to its own."""

Sampler = Callable[[Sweep, int], optuna.samplers.BaseSampler]
"""Gives the sampler of a sweep's trial of this number."""


def by_chance(trials: int) -> Sweep:
    """A random search over the settings that the trainings vary."""
    return Sweep(
        config=BASE, varied=VARIED, objective="val_accuracy", sampler="random", pruner="none", trials=trials, confirm=0
    )


def by_tpe(trials: int) -> Sweep:
    """The same by TPE with the median pruner."""
    return replace(by_chance(trials), sampler="tpe", pruner="median")


def best_found(sweep: Sweep, trainings: Trainings, seed: int, sampler: Sampler = sampler_of) -> float:
    """The best validation accuracy of a simulated sweep."""
    chance = np.random.default_rng(seed)
    study = optuna.create_study(directions=list(sweep.directions), pruner=pruner_of(sweep))
    for number in range(sweep.trials):
        study.sampler = sampler(sweep, 1000 * seed + number)
        trial = study.ask(distributions(sweep))
        _end(study, trial, trainings, _like(trial.params, trainings, chance))
    return float(study.best_value)


def _like(values: dict[str, Any], trainings: Trainings, chance: np.random.Generator) -> int:
    """The place of one of the trainings with this batch size whose other settings are nearest."""
    rates, units, sizes = trainings.settings.T
    across = 0.2 * np.log10(rates / values["learning_rate"]), 0.3 * (units - values["hidden_units.1"]) / 120
    far = np.where(sizes == values["batch_size"], np.hypot(*across), np.inf)
    return int(chance.choice(np.argsort(far)[:_NEAREST]))


def _end(study: optuna.Study, trial: optuna.Trial, trainings: Trainings, place: int) -> None:
    """Report the losses of the training until the pruner stops it, as a sweep's driver does."""
    for epoch, loss in enumerate(trainings.losses[place], 1):
        if np.isnan(loss):
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            return
        trial.report(-loss, epoch)
        if epoch < BASE.epochs and trial.should_prune():
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            return
    study.tell(trial, trainings.scores[place])
