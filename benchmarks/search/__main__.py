"""What sweeps find, by what they count as good: `python -m benchmarks.search [--sweeps 300]`."""

import argparse
import math
from collections.abc import Sequence

import numpy as np
import optuna

from benchmarks.bars import markdown
from benchmarks.search.simulation import best_found, by_chance, by_tpe
from benchmarks.search.trainings import Trainings
from core.sweeps.samplers import sampler_of
from core.sweeps.sweep import Sweep

_HEAD = ("trials", "sweeps", "random", "a tenth", "a quarter up to three")
_TRIALS = (12, 20)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the mean of the best validation accuracies and its standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--sweeps", type=int, default=300, help="simulated for each cell of the table")
    sweeps = parser.parse_args(arguments).sweeps
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    trainings = Trainings.read()
    rows: list[Sequence[str]] = [_HEAD]
    for trials in _TRIALS:
        ways = (by_chance(trials), sampler_of), (by_tpe(trials), _tenth), (by_tpe(trials), sampler_of)
        found = [[best_found(sweep, trainings, seed, sampler) for seed in range(sweeps)] for sweep, sampler in ways]
        rows.append((str(trials), str(sweeps), *map(_cell, found)))
    print(markdown(rows))


def _tenth(sweep: Sweep, number: int) -> optuna.samplers.BaseSampler:
    """Optuna's TPE as a sweep has it, but with Optuna's own share of good trials."""
    sampler = sampler_of(sweep, number)
    assert isinstance(sampler, optuna.samplers.TPESampler)
    sampler._gamma = lambda ended: min(25, math.ceil(ended / 10))
    return sampler


def _cell(best: Sequence[float]) -> str:
    return f"{np.mean(best):.4f} ± {np.std(best) / math.sqrt(len(best)):.4f}"


if __name__ == "__main__":
    main()
