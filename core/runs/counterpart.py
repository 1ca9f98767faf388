"""Which run to compare a run with."""

from collections.abc import Sequence

from core.runs.entries import Run
from core.runs.predictions import same_digits
from core.runs.store import SHOWN_FIRST


def counterpart(run: Run, runs: Sequence[Run]) -> Run | None:
    """Of the runs with results on the same test digits: the included CNN 16-36, or for one like it the best other.

    An included run goes before others; None if there is none, or if it is not known what the run was trained on.
    """
    if not run.manifest.has_network:
        return None
    others = [
        other
        for other in runs
        if other.id != run.id
        and other.status.test_accuracy is not None
        and same_digits(run.manifest, other.manifest, "test")
        and other.manifest.config.replace(seed=run.manifest.config.seed) != run.manifest.config
    ]
    usual = run.manifest.config.preset != SHOWN_FIRST

    def suits(other: Run) -> tuple[bool, bool, float]:
        is_usual = usual and other.manifest.config.preset == SHOWN_FIRST
        return other.shipped and is_usual, other.shipped, other.status.test_accuracy or 0.0

    return max(others, key=suits, default=None)
