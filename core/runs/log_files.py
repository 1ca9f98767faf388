"""The logs that a run's curves were read from, where it was trained elsewhere."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from core.text import one_line, shortened

MOST_NAMES = 40
"""File names, and names of metrics, that are kept."""
NAME_LENGTH = 80
_MOST_SKIPPED = 10**9


@dataclass(frozen=True, slots=True)
class LogFiles:
    """Where curves that were not recorded here came from; raises ValueError for what cannot be."""

    names: tuple[str, ...]
    """The files' names, each in one line and cut if too long."""
    left_out: tuple[str, ...] = ()
    """Metrics in the files that no curve shows."""
    skipped: int = 0
    """Damaged lines or records, which were skipped."""

    def __post_init__(self) -> None:
        texts = all(isinstance(name, str) for name in (*self.names, *self.left_out))
        if not texts or not self.names or type(self.skipped) is not int or not 0 <= self.skipped < _MOST_SKIPPED:
            raise ValueError(self)
        for field in ("names", "left_out"):
            kept = [name for name in map(_line, getattr(self, field)) if name]
            object.__setattr__(self, field, tuple(dict.fromkeys(kept))[:MOST_NAMES])

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The record in a manifest; raises KeyError, TypeError or ValueError for anything else."""
        if not isinstance(values["names"], list) or not isinstance(values["left_out"], list):
            raise TypeError(values)
        return cls(tuple(values["names"]), tuple(values["left_out"]), values["skipped"])


def _line(text: str) -> str:
    return shortened(one_line(text[: 10 * NAME_LENGTH]), NAME_LENGTH)
