"""The runs that a picker offers: the newest and the shipped ones."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar

from core.runs.entries import AnyRun
from core.text import say

MOST = 100
"""Without the shipped ones. A longer list is slow and hard to choose from; the Runs page has all, with a filter."""
_R = TypeVar("_R", bound=AnyRun)


@dataclass(frozen=True, slots=True)
class Offered(Generic[_R]):
    """The runs to offer, and a sentence on those left out, None if there are none."""

    runs: list[_R]
    others: str | None


def offered_runs(runs: Sequence[_R], shown: Collection[str]) -> Offered[_R]:
    """The runs to offer, in the given order; those in `shown`, by id, are always included."""
    own = [run.id for run in runs if not run.shipped]
    kept = {*own[:MOST], *shown}
    offered = [run for run in runs if run.shipped or run.id in kept]
    all_of_them = len(offered) == len(runs)
    return Offered(offered, None if all_of_them else say("looking.newest", count=len(offered), of=f"{len(runs):,}"))


def told_apart(runs: Iterable[_R], label: Callable[[_R], str] = attrgetter("short_name")) -> dict[str, str]:
    """Each run's label by its id; where several have it, with the end of the id, unless the run is included.

    Streamlit identifies an option by its label.
    """
    labels = {run.id: (label(run), run.shipped) for run in runs}
    alike = Counter(text for text, _ in labels.values())
    return {
        run_id: text if shipped or alike[text] == 1 else f"{text} · {run_id[-6:]}"
        for run_id, (text, shipped) in labels.items()
    }


def as_option(label: str) -> str:
    """A run's label for a picker, of which frame.css cuts the beginning: without marks, signs would change places."""
    return f"\N{LEFT-TO-RIGHT MARK}{label}\N{LEFT-TO-RIGHT MARK}"
