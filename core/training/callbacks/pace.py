"""Estimates how long the rest of a run will take."""

_FADE = 0.95
"""The decay of a window's weight with each later one, since a machine may become busy."""
_ENDS = 5
"""The number of the latest epoch ends to average over."""


class Pace:
    """Measures the steady pace, without the first window and, from the second on, the first epoch's end.

    Both trace graphs, which takes as long as many epochs of a short run.
    """

    def __init__(self) -> None:
        self._begun = False
        self._batches = self._seconds = 0.0
        self._ends: list[float] = []
        self._first_end: float | None = None

    def add_window(self, batches: int, seconds: float) -> None:
        """Add a window of batches and the seconds it took."""
        if self._begun:
            self._batches = _FADE * self._batches + batches
            self._seconds = _FADE * self._seconds + seconds
        self._begun = True

    def add_end(self, seconds: float) -> None:
        """Add the seconds between an epoch's last batch and the start of the next epoch."""
        if self._first_end is None:
            self._first_end = seconds
        else:
            self._ends = [*self._ends, seconds][-_ENDS:]

    def seconds_left(self, batches: int, ends: int) -> float | None:
        """The seconds that these batches and epoch ends will take; None before a steady pace was measured."""
        if not self._batches:
            return None
        end = sum(self._ends) / len(self._ends) if self._ends else self._first_end or 0.0
        return batches * self._seconds / self._batches + ends * end
