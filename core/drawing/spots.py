"""Connected components of a mask."""

from dataclasses import dataclass, field

import numpy as np

from core.array_types import Mask


@dataclass(slots=True, eq=False)
class Spot:
    """Pixels connected by an edge or a corner, as runs (row, first column, column after the last)."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)
    area: int = 0


def spots(mask: Mask) -> list[Spot]:
    """All connected components of a mask (h, w), in the order of their first pixel."""
    edges = np.diff(mask.astype(np.int8), axis=1, prepend=0, append=0)
    rows, firsts = np.nonzero(edges == 1)
    lasts = np.nonzero(edges == -1)[1]
    runs = list(zip(rows.tolist(), firsts.tolist(), lasts.tolist(), strict=True))
    parent = list(range(len(runs)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    above = 0
    for number, (row, first, last) in enumerate(runs):
        while above < number and (runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] < first)):
            above += 1
        other = above
        while other < number and runs[other][0] == row - 1 and runs[other][1] <= last:
            parent[root(number)] = root(other)
            other += 1
    found: dict[int, Spot] = {}
    for number, (row, first, last) in enumerate(runs):
        spot = found.setdefault(root(number), Spot())
        spot.runs.append((row, first, last))
        spot.area += last - first
    return list(found.values())
