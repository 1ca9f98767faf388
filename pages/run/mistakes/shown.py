"""The digits that a view of Mistakes is about."""

from dataclasses import dataclass

from core.analysis.answers import Answers
from core.array_types import Bytes
from pages.shared.run_header import Looked


@dataclass(frozen=True, eq=False)
class Shown:
    """Predictions of a run, and their images, uint8 (n, *image_shape), if those are on this machine."""

    looked: Looked
    answers: Answers
    images: Bytes | None
    training: bool = False
    """Whether they are training images, predicted out of sample, instead of the evaluated ones of `looked`."""

    @property
    def classes(self) -> tuple[str, ...]:
        return self.looked.classes

    @property
    def ink(self) -> bool:
        return self.looked.ink
