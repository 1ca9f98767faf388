"""The program in which a run was trained, where that was a person's own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from core.text import one_line, shortened

NOT_KEPT = "not-kept"
"""Stands for the data set of a program whose images are not kept: it validates on none."""
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Recorded:
    """A training in a person's own program, as far as it is known; raises ValueError for what cannot be.

    All are texts in one line, cut if too long, since a program may use optimizers and losses of its own.
    """

    script: str
    """The file's name."""
    network: str
    """The class of its model."""
    optimizer: str
    """With its settings other than the rate."""
    learning_rate: str
    """At the start, or the name of its schedule."""
    loss: str
    backend: str
    """Keras's backend and its version."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not isinstance(value, str):
                raise ValueError(value)
            object.__setattr__(self, each.name, shortened(one_line(value[: 10 * _LONGEST]), _LONGEST))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The record in a manifest; raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{each.name: values[each.name] for each in fields(cls)})
