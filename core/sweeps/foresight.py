"""The settings of the run that probably comes next, so that a process prepares for it while another run trains.

Nothing is decided ahead: the study is asked for a trial only when one begins, so the sweep is the same as without. Most
samplers are asked in a copy of it, as if the run that trains ended with the scores that it has now. Grid and random do
not depend on them. TPE depends only on which trials are among the best, so that it is foreseen wrongly only where a run
joins or leaves them in its last epochs; CMA-ES and NSGA-II only at the end of a generation.
"""

from collections.abc import Callable, Sequence
from statistics import fmean

from core.config.run import RunConfig
from core.errors import InvalidSetting
from core.sweeps.folder import TrialRecord
from core.sweeps.study import Candidate, Study
from core.sweeps.sweep import Sweep

Foresee = Callable[[Sequence[float] | None], RunConfig | None]
"""Gets the scores of a run so far; returns the settings of the one that follows it, None where it cannot tell."""


class Foresight:
    """Knows what follows the runs of a sweep."""

    def __init__(self, sweep: Sweep, study: Study) -> None:
        self._sweep = sweep
        self._study = study

    def after(self, candidate: Candidate, place: int, earlier: Sequence[Sequence[float]]) -> Foresee:
        """What follows the run of a trial with its seed of this place; `earlier` has the scores of its other runs."""

        def foresee(scores: Sequence[float] | None) -> RunConfig | None:
            if place + 1 < self._sweep.seeds:
                return self._sweep.config_of(candidate.values, place + 1)
            mean = None if scores is None else [fmean(each) for each in zip(*earlier, scores, strict=True)]
            values = self._study.foresee(candidate.number, mean)
            try:
                return None if values is None else self._sweep.config_of(values)
            except InvalidSetting:
                # it will be skipped
                return None

        return foresee

    def after_confirming(self, winner: TrialRecord, place: int) -> Foresee:
        """What follows the winner's run with the new seed of this place."""

        def foresee(scores: Sequence[float] | None) -> RunConfig | None:  # noqa: ARG001 they do not matter
            seed = self._sweep.seeds + place + 1
            return self._sweep.config_of(winner.values, seed) if place + 1 < self._sweep.confirm else None

        return foresee
