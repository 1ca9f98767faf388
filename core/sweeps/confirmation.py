"""The winner of a sweep trained with new seeds: the best of many is partly lucky, and this says how much."""

from dataclasses import dataclass, field, replace
from statistics import fmean

from core.runs.folder import RunFolder
from core.sweeps.folder import TrialRecord
from core.sweeps.followed_run import Outcome


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How the winner's new runs ended, each by the place of its seed."""

    winner: TrialRecord
    ended: dict[int, tuple[RunFolder, Outcome]] = field(default_factory=dict)

    @property
    def record(self) -> TrialRecord | None:
        """What pages show of them, None before the first has ended."""
        if not self.ended:
            return None
        in_order = [self.ended[place] for place in sorted(self.ended)]
        finished = [(run, outcome.scores[0]) for run, outcome in in_order if outcome.state == "complete"]
        return replace(
            self.winner,
            again=True,
            runs=tuple(run.id for run, _ in in_order),
            scores=(fmean(score for _, score in finished),) if finished else (),
            tests=tuple(run.status().test_accuracy or 0.0 for run, _ in finished),
        )
