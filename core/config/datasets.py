"""What a network and its answers must know of a data set: the images' shape, the classes and how many images."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import platformdirs

from core.config.layer import Shape
from core.config.rules import Rule
from core.errors import Advice, InvalidSetting
from core.files import Stamp, stamp
from core.places import named_place
from core.text import Message, catalogue, one_line, shortened

SMALLEST_SIDE, LARGEST_SIDE = 8, 128
CHANNELS = (1, 3)
FEWEST_CLASSES, MOST_CLASSES = 2, 100
MOST_IMAGES = 10_000_000
"""Of a part, in a description from a file."""
CLASS_LENGTH = 40
"""The most characters of a class's name."""
Mode = Literal["fit", "crop", "keep"]
"""`fit` makes an image smaller or larger until it fits, `crop` until it fills, and `keep` does neither."""
MODES: tuple[Mode, ...] = ("fit", "crop", "keep")
DATASET_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ABOUT_FILE = "about.json"
_TITLE_LENGTH = 60
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DataDescription:
    """What a network and its answers must know of a data set."""

    shape: Shape
    """Height, width and channels."""
    classes: tuple[str, ...]
    """Their names, in the order of the labels."""
    training: int
    """Training images, those of the validation set included."""
    test: int
    digest: str
    """SHA-256 of the arrays; of drawn digits, of the sources that they are drawn from."""
    mode: Mode = "fit"
    """How images of another size became images of this shape; a picture for the network becomes one the same way."""

    @property
    def image_shape(self) -> Shape:
        """The shape of an image as stored: (height, width), with three channels (height, width, 3)."""
        return self.shape if self.shape[2] > 1 else self.shape[:2]

    @property
    def takes_drawings(self) -> bool:
        """Whether a drawing of a digit, brought into MNIST's format, fits a network for this data."""
        return self.is_digits and self.shape == BUILT_IN["mnist"].shape

    @property
    def is_digits(self) -> bool:
        """Whether the classes are the digits 0 to 9, in this order."""
        return self.classes == _DIGITS

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"shape": list(self.shape), "classes": list(self.classes)}

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The description that `to_json` wrote, class names clipped; raises InvalidSetting for anything else."""
        try:
            shape, names = tuple(values["shape"]), values["classes"]
            numbers = (*shape, values["training"], values["test"])
            sound = all(type(number) is int for number in numbers) and len(shape) == 3
            sound = sound and all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in shape[:2]) and shape[2] in CHANNELS
            sound = sound and all(1 <= values[part] <= MOST_IMAGES for part in ("training", "test"))
            sound = sound and isinstance(names, list) and FEWEST_CLASSES <= len(names) <= MOST_CLASSES
            sound = sound and all(isinstance(name, str) for name in names)
            sound = sound and _DIGEST.fullmatch(values["digest"]) is not None
            # earlier versions kept no mode
            mode = values.get("mode", "fit")
            sound = sound and mode in MODES
        except (TypeError, KeyError, ValueError):
            sound = False
        if not sound:
            raise InvalidSetting("dataset", "datasets.bad_description")
        classes = tuple(class_name(name, label) for label, name in enumerate(names))
        return cls(shape, classes, values["training"], values["test"], values["digest"], mode)


_DIGITS = tuple("0123456789")


def _digits(training: int, test: int, digest: str) -> DataDescription:
    return DataDescription((28, 28, 1), _DIGITS, training, test, digest)


BUILT_IN: Mapping[str, DataDescription] = {
    "mnist": _digits(60_000, 10_000, "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"),
    "mnist-5k": _digits(4_000, 1_000, "9bf6a2cd63d81f99787653c53ada1f4d9c8d284e88a6e56782feaf3cee11985f"),
    "handwriting": _digits(110_000, 10_000, "5cd58004f0f5bcf6c85b69901a7d0369d494fef63f0008d7e2547edcdcfa0361"),
}
"""The data sets that every release knows."""


@dataclass(frozen=True, slots=True)
class DatasetName(Rule):
    """A data set's name: a built-in one's, or one that a person may give."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not DATASET_NAME.fullmatch(value):
            raise Advice("rules.choice", options=tuple(BUILT_IN))
        return value


def describe(name: str) -> DataDescription:
    """A data set, built in or brought by a person; raises InvalidSetting if it is unknown or damaged."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    path = _about(name)
    if path is None or not (found := stamp(str(path))):
        raise InvalidSetting("dataset", "datasets.unknown", name=name[:60], known=tuple(BUILT_IN))
    return _read(path, found)[0]


def digest_here(name: str) -> str | None:
    """The digest of the data set of this name on this machine; None if there is none."""
    try:
        return describe(name).digest
    except InvalidSetting:
        return None


def dataset_title(name: str) -> Message:
    """What a data set is called in the interface; its name, if it is not on this machine."""
    if f"datasets.name.{name}" in catalogue():
        return Message(f"datasets.name.{name}")
    path = _about(name)
    if path is not None and (found := stamp(str(path))):
        with suppress(InvalidSetting):
            name = _read(path, found)[1] or name
    return Message("errors.as_written", text=name)


def known_names() -> list[str]:
    """The built-in data sets, then those that people brought, by name."""
    brought = (path.parent.name for path in data_folder().glob(f"*/{ABOUT_FILE}"))
    return [*BUILT_IN, *sorted(name for name in brought if DATASET_NAME.fullmatch(name) and name not in BUILT_IN)]


def data_folder() -> Path:
    """The folder of the data sets that people brought: DIGIT_LAB_DATA, or in the user's data folder."""
    return named_place("DIGIT_LAB_DATA", platformdirs.user_data_path("digit-lab", appauthor=False))


def class_name(name: str, label: int) -> str:
    """A class's name in one line and cut if too long; its label if nothing is left."""
    return shortened(one_line(name[: 10 * CLASS_LENGTH]), CLASS_LENGTH) or str(label)


def _about(name: str) -> Path | None:
    return data_folder() / name / ABOUT_FILE if DATASET_NAME.fullmatch(name) else None


@lru_cache(maxsize=200)
def _read(path: Path, version: Stamp) -> tuple[DataDescription, str]:  # noqa: ARG001 a changed file is read again
    """The description and the title in a data set's file; raises InvalidSetting."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        values = None
    described = DataDescription.from_json(values)
    title = values.get("title")
    return described, shortened(one_line(title), _TITLE_LENGTH) if isinstance(title, str) else ""
