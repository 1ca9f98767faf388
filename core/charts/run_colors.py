"""Each run has a color of its own, the same in the list and in every chart."""

from collections.abc import Mapping, Sequence
from zlib import crc32

from core.charts.palette import Palette


def run_colors(numbers: Mapping[str, int | None], compared: Sequence[str], colors: Palette) -> dict[str, str]:
    """The color of each of these runs, given by id with its number.

    Runs that were started one after another differ; one without a number gets its color by its id. Of those that are
    compared, as many as there are colors differ: where an earlier one has a run's color, it gets the next free one.
    """
    count = len(colors.runs)
    places = {
        run_id: (crc32(run_id.encode()) if number is None else number - 1) % count for run_id, number in numbers.items()
    }
    free = list[int]()
    for run_id in compared:
        free = free or list(range(count))
        places[run_id] = next((place for place in free if place >= places[run_id]), free[0])
        free.remove(places[run_id])
    return {run_id: colors.runs[place] for run_id, place in places.items()}
