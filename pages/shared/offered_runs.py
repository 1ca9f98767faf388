"""The runs that a picker offers: of a thousand, the newest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.runs.store import AnyRun
from core.text import say

MOST = 100
"""Runs of one's own; a longer list is slow to send and no help to choose from. The Runs page has all, with a filter."""
_R = TypeVar("_R", bound=AnyRun)


@dataclass(frozen=True, slots=True)
class Offered(Generic[_R]):
    """The newest of some runs, those that come with Digit Lab, and a sentence on the others where there are any."""

    runs: list[_R]
    others: str | None


def offered_runs(runs: Sequence[_R], shown: Collection[str]) -> Offered[_R]:
    """What to offer of these runs, in their order; those shown now, by id, are always among them."""
    own = [run.id for run in runs if not run.shipped]
    kept = {*own[:MOST], *shown}
    offered = [run for run in runs if run.shipped or run.id in kept]
    all_of_them = len(offered) == len(runs)
    return Offered(offered, None if all_of_them else say("looking.newest", count=len(offered), of=f"{len(runs):,}"))
