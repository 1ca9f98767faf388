"""The training states that a run stores: weights, optimizer and callbacks' state after some of its epochs.

Training goes on from them as if it had not been interrupted. The newest one is the point from which a run resumes.
"""

from collections.abc import Set
from pathlib import Path

from core.runs.folder import RunFolder

MILESTONES = frozenset({1, 2, 3, 5, 8, 12})
"""Epochs whose state is kept besides the best and the last; most is learned in the first ones."""

_EARLIER = "resume.weights.h5"
"""The one state, of the last epoch, that runs of earlier versions have."""


def stored_states(folder: RunFolder) -> tuple[int, ...]:
    """The epochs with a state, ascending; none in runs of earlier versions."""
    return folder.epochs("checkpoints/state-*.weights.h5")


def state_files(folder: RunFolder) -> list[Path]:
    """The files with a state, the newest epoch's last."""
    earlier = folder.path / "checkpoints" / _EARLIER
    return [*([earlier] if earlier.is_file() else []), *map(folder.state, stored_states(folder))]


def resume_point(folder: RunFolder) -> Path | None:
    """The newest state, from which the run resumes; None where it has none."""
    return next(reversed(state_files(folder)), None)


def drop_states(folder: RunFolder, *, but: Set[int]) -> None:
    """Delete the states of all epochs but these; raises OSError."""
    kept = {folder.state(epoch) for epoch in but}
    for path in state_files(folder):
        if path not in kept:
            path.unlink(missing_ok=True)
