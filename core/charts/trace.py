"""One line of a chart that is drawn while its points still arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "training_batches",
    "training",
    "validation",
    "test",
    "reference_training",
    "reference_validation",
    "best",
    "exploded",
    "compare",
]
"""What a line shows; determines its look in either theme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Points under a name that is unique in its chart: x in epochs, y as a fraction or a loss.

    A y of None or NaN is a gap. Points may be appended freely; if earlier ones change, for example when the series
    is thinned again, increase `generation`. `text` is its label in the legend if that is not the name; lines with the
    same text are switched on and off together.
    """

    name: str
    role: Role
    x: Sequence[float]
    y: Sequence[float | None]
    text: str = ""
    generation: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", tuple(self.x))
        object.__setattr__(self, "y", tuple(self.y))
        if len(self.x) != len(self.y):
            raise ValueError(f"{self.name} has {len(self.x)} x and {len(self.y)} y; give every point both.")
