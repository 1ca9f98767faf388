"""Each run has a color of its own, the same in the list and in every chart."""

from collections import deque
from collections.abc import Sequence
from zlib import crc32

from core.charts.palette import Palette

_NEIGHBORS = 4
"""Runs that were started one after another are often compared: each of so many in a row differs from the others."""


def run_colors(run_ids: Sequence[str], compared: Sequence[str], colors: Palette) -> dict[str, str]:
    """The color of each of these runs, in the order in which they were started.

    Of those that are compared, as many as there are colors differ: where an earlier one has a run's color, it gets the
    next free one.
    """
    count = len(colors.runs)
    places, near = dict[str, int](), deque[int](maxlen=_NEIGHBORS)
    for run_id in run_ids:
        places[run_id] = _from(crc32(run_id.encode()) % count, [place for place in range(count) if place not in near])
        near.append(places[run_id])
    free = list[int]()
    for run_id in compared:
        free = free or list(range(count))
        places[run_id] = _from(places[run_id], free)
        free.remove(places[run_id])
    return {run_id: colors.runs[place] for run_id, place in places.items()}


def _from(place: int, free: Sequence[int]) -> int:
    """The place if it is free, else the next one that is."""
    return next((other for other in free if other >= place), free[0])
