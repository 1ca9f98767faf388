"""The ladder: a small sweep of the learning rate alone, as a lesson shows it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.analysis.verdict import guessing
from core.config.presets import PRESETS
from core.config.run import LADDER
from core.runs.curves import CurveReader
from core.runs.entries import Run
from core.runs.first_updates import has_steps, read_steps
from core.runs.folder import BATCH_COLUMNS
from core.sweeps.folder import Listed, TrialRecord
from core.sweeps.sweep import Sweep
from core.sweeps.variation import read_variation

NETWORKS = ("mlp-512", "lenet-20-50", "cnn-16-36")
DATASETS = ("mnist-5k", "mnist")
MOST_EPOCHS = 2
RUNGS = (1.0, *LADDER)
"""The highest rate diverges with each of NETWORKS, to show what too high a rate does."""
_RATE = "learning_rate"


@dataclass(frozen=True, slots=True)
class Rung:
    """A learning rate, the trial that tries it, and that trial's run, if there are any."""

    sweep: Sweep
    rate: float
    trial: TrialRecord | None = None
    run: Run | None = None

    @property
    def state(self) -> str:
        """State of the trial, "none" without a trial."""
        return self.trial.state if self.trial else "none"

    @property
    def tried(self) -> bool:
        """Whether the result is known."""
        return self.state == "complete" or self.diverged

    @property
    def diverged(self) -> bool:
        """Whether the rate is too high: the loss became NaN, or the run finished no better than guessing."""
        worse = self.state == "complete" and not self.validation_loss < guessing(len(self.sweep.config.data.classes))
        return worse or self.state == "diverged"

    @property
    def validation_loss(self) -> float:
        """The lowest validation loss; NaN where it is not known."""
        return self.trial.scores[0] if self.trial and self.trial.scores else math.nan

    def losses(self) -> tuple[list[float], list[float]]:
        """Updates and the training loss at each: single batches at first, then means over windows of batches."""
        if self.run is None:
            return [], []
        folder, steps = self.run.folder, self.sweep.config.updates_per_epoch
        rows = CurveReader(folder.batches_csv, BATCH_COLUMNS).read()
        first = read_steps(folder).loss.tolist() if has_steps(folder) else []
        later = [((row[0] - 1) * steps + row[1], row[2]) for row in rows]
        points = [*enumerate(first), *(point for point in later if point[0] > len(first))]
        return [float(at) for at, _ in points], [value for _, value in points]


def ladder_sweep(network: str, dataset: str, epochs: int) -> Sweep:
    """Short runs of a preset with a validation split, so that the best rate is chosen on images not trained on."""
    config = PRESETS[network].replace(dataset=dataset, epochs=epochs, validation="last-20")
    rates = read_variation(f"{_RATE}={','.join(map(str, RUNGS))}", config)
    return Sweep(config=config, varied=(rates,), sampler="grid", trials=len(RUNGS), confirm=0)


def newest(sweep: Sweep, sweeps: Sequence[Listed]) -> Listed | None:
    """The newest of these sweeps, newest first, that makes the same trials; None if nobody made them."""
    return next((each for each in sweeps if each.sweep == sweep), None)


def rungs(sweep: Sweep, trials: Sequence[TrialRecord], runs: Mapping[str, Run]) -> list[Rung]:
    """One rung for each rate, highest first; `runs` has runs by their ids."""
    tried = {trial.values[_RATE]: trial for trial in trials}
    found = ((rate, tried.get(rate)) for rate in RUNGS)
    return [
        Rung(sweep, rate, trial, runs.get(trial.runs[0]) if trial and trial.runs else None) for rate, trial in found
    ]


def best(found: Sequence[Rung]) -> Rung | None:
    """The rung with the lowest validation loss, None until all rungs have been tried."""
    measured = [rung for rung in found if rung.tried and not rung.diverged]
    if not measured or not all(rung.tried for rung in found):
        return None
    return min(measured, key=lambda rung: rung.validation_loss)
