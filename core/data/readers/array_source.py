"""What IDX and .npz files have in common: arrays of images, each with one of labels."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from numpy.typing import NDArray

from core.data.readers.label_arrays import flat_labels
from core.data.readers.source import Look, Part, Piece, Source


class PartArrays(NamedTuple):
    """A part's images in blocks (n, h, w) or (n, h, w, 3), and what reads its labels."""

    part: Part
    images: Iterator[NDArray[Any]]
    labels: Callable[[], NDArray[Any]]


class ArraySource(Source):
    """Images in arrays, which are read in blocks."""

    shuffled = False

    @abstractmethod
    def parts(self) -> Iterator[PartArrays]:
        """The parts in order; nothing of one is read before it is used."""

    def look(self) -> Look:
        look = Look()
        for part in self.parts():
            for images in part.images:
                look.add(images)
                break
        return look

    def pieces(self, target: int) -> Iterator[Piece]:  # noqa: ARG002 an array is never reduced
        for part in self.parts():
            labels, start = flat_labels(part.labels()), 0
            for images in part.images:
                yield Piece(images, labels[start : start + len(images)], part.part)
                start += len(images)
