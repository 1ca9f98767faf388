"""What every reader gives: images in pieces, with their labels as written beside them."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import DigitLabError
from core.text import Message

Part: TypeAlias = Literal["", "train", "validation", "test"]
"""The part that a source puts an image in; empty where it does not say."""

Labels: TypeAlias = "Sequence[str | int | None] | NDArray[Any]"
"""Numbers or names; None, or a negative number, where an image has no usable label."""

Images: TypeAlias = NDArray[Any] | Sequence[NDArray[Any]]
"""An array (n, h, w) or (n, h, w, 3), or images of different sizes, (h, w) or (h, w, 3) uint8 each."""

PIECE_BYTES = 8_000_000
"""Bytes of the images that are read at a time."""

MOST_IMAGES = 1_000_000


class UnreadableData(DigitLabError):
    """Files that are not images with labels, or not of a kind that is read."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or row that was left out: its name or number, and why."""

    name: str
    reason: Message


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some images of one part."""

    images: Images
    labels: Labels
    part: Part = ""
    groups: Sequence[str] = ()
    """Names what belongs together, such as a writer, for each image; empty if the source does not say."""
    skipped: tuple[Skipped, ...] = ()
    sizes: Sequence[tuple[int, int]] = ()
    """Height and width that each image has in its file, where some came reduced."""


@dataclass(slots=True)
class Look:
    """What is known of a source's images: their sizes with how many have each, colors, and the range of values."""

    sizes: dict[tuple[int, int], int] = field(default_factory=dict)
    """Height and width."""
    colored: bool = False
    gray: bool = False
    """Whether any image has no color."""
    low: float = np.inf
    high: float = -np.inf
    whole: bool = True
    """Whether all values are whole numbers."""

    def add(self, images: Images, sizes: Sequence[tuple[int, int]] = ()) -> None:
        """Take a piece's images into account; raises UnreadableData if a value is not a number."""
        together = [images] if isinstance(images, np.ndarray) else [image[None] for image in images]
        if sizes:
            own = list(sizes)
        else:
            own = [(int(many.shape[1]), int(many.shape[2])) for many in together for _ in range(len(many))]
        for size, count in Counter(own).items():
            self.sizes[size] = self.sizes.get(size, 0) + count
        for many in together:
            if len(many) and not (self.colored and self.gray):
                colored = are_colored(many)
                self.colored, self.gray = self.colored or bool(colored.any()), self.gray or not colored.all()
            self._add_values(many)

    def _add_values(self, many: NDArray[Any]) -> None:
        # nothing more can be learned from bytes once 0 and 255 were seen
        if not many.size or (many.dtype == np.uint8 and self.low <= 0 and self.high >= 255):
            return
        low, high = float(many.min()), float(many.max())
        if not np.isfinite(low) or not np.isfinite(high):
            raise UnreadableData("data_add.not_a_number")
        self.low, self.high = min(self.low, low), max(self.high, high)
        if self.whole and many.dtype.kind == "f":
            self.whole = bool((many == np.rint(many)).all())


class Source(ABC):
    """Images with labels, which can be read in pieces, and again; a context manager that closes its files."""

    kind: ClassVar[str]
    """Completes the key `data_add.kinds.`."""
    shuffled: ClassVar[bool] = True
    """Whether the order of the images means something; files in folders are sorted by class."""

    count: int
    """Images in all, those that turn out to be unreadable included."""
    class_names: tuple[str, ...] = ()
    """Names for the labels 0, 1, …, if the source has them."""
    notes: tuple[Message, ...] = ()
    """What to tell about the source itself."""

    @abstractmethod
    def look(self) -> Look:
        """What the images are like, judged by some of them."""

    @abstractmethod
    def pieces(self, target: int) -> Iterator[Piece]:
        """All images in order; those much larger than `target` pixels a side may come reduced."""

    def close(self) -> None:  # noqa: B027 most sources keep no file open
        """Close its files."""

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def are_colored(images: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each of the images (n, h, w) or (n, h, w, 3) has a color other than gray."""
    if images.ndim == 3:
        return np.zeros(len(images), bool)
    red, green, blue = (images.reshape(len(images), -1, 3)[..., channel] for channel in range(3))
    colored: NDArray[np.bool_] = ((red != green) | (green != blue)).any(axis=1)
    return colored


def check_count(images: int) -> None:
    """Raises UnreadableData if there are no images, or more than a data set may have."""
    if not images:
        raise UnreadableData("data_add.no_images")
    if images > MOST_IMAGES:
        raise UnreadableData("data_add.many_images", limit=MOST_IMAGES)


def rows_per_piece(bytes_each: int) -> int:
    """How many images of this size are read at a time."""
    return max(1, min(4_096, PIECE_BYTES // max(1, bytes_each)))
