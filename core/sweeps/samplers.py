"""How Optuna chooses what a sweep tries, and what it stops."""

import math
import warnings
from collections.abc import Mapping
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from core.sweeps.sweep import Sweep
from core.sweeps.variation import Range, Value, Values


class _Grid(optuna.samplers.GridSampler):
    """Optuna's grid, which after its last trial would stop a loop of Optuna's own, and raise where there is none."""

    def after_trial(self, *_: Any) -> None:
        pass


def distributions(sweep: Sweep) -> dict[str, BaseDistribution]:
    """What Optuna may choose from, by the name of each varied setting."""
    found: dict[str, BaseDistribution] = {}
    for each in sweep.varied:
        if isinstance(each, Values) or sweep.sampler == "grid":
            found[each.name] = CategoricalDistribution(each.grid())
        elif each.whole:
            found[each.name] = IntDistribution(int(each.low), int(each.high), log=each.log)
        else:
            found[each.name] = FloatDistribution(each.low, each.high, log=each.log)
    return found


def values_of(sweep: Sweep, chosen: Mapping[str, Any]) -> dict[str, Value]:
    """What Optuna chose as runs have it."""
    ranges = {each.name: each for each in sweep.varied if isinstance(each, Range)}
    return {name: ranges[name].number(value) if name in ranges else value for name, value in chosen.items()}


def sampler_of(sweep: Sweep, number: int) -> optuna.samplers.BaseSampler:
    """The sampler that chooses the trial of this number."""
    seed = (sweep.sampler_seed + 1_000_003 * number) % 2**31
    match sweep.sampler:
        case "grid":
            # its seed orders the grid
            values = {each.name: each.grid() for each in sweep.varied}
            return _Grid(values, seed=sweep.sampler_seed)
        case "random":
            return optuna.samplers.RandomSampler(seed=seed)
        case "cmaes":
            return optuna.samplers.CmaEsSampler(seed=seed)
        case "nsga2":
            return optuna.samplers.NSGAIISampler(seed=seed, population_size=max(2, min(50, sweep.trials // 4)))
        case _:
            # the constant liar counts what is under way as bad, so that the next trial is tried elsewhere
            startup = max(3, min(10, sweep.trials // 4))
            with warnings.catch_warnings():
                # `gamma` is to go in Optuna 6
                warnings.simplefilter("ignore", FutureWarning)
                return optuna.samplers.TPESampler(
                    seed=seed, n_startup_trials=startup, gamma=_good_of, constant_liar=True
                )


def _good_of(ended: int) -> int:
    """How many of the ended trials TPE counts as good: a quarter up to three, then Optuna's tenth.

    Up to the tenth trial that is one alone, whose density is half as wide as the range or wider, so that TPE would
    hardly learn where to look.
    """
    return max(1, min(3, round(ended / 4)), min(25, math.ceil(ended / 10)))


def pruner_of(sweep: Sweep) -> optuna.pruners.BasePruner:
    """What stops a trial that is worse than others."""
    match sweep.pruner:
        case "median":
            return optuna.pruners.MedianPruner()
        case "hyperband":
            return optuna.pruners.HyperbandPruner(min_resource=1, max_resource=sweep.config.epochs)
        case _:
            return optuna.pruners.NopPruner()
