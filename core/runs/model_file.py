"""The file that a run's network was read from, and how that network takes images and answers."""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

import numpy as np

from core.array_types import Floats
from core.config.layer import Layer, Shape
from core.config.layers import Flatten, Rescaling, Reshape, ZeroPadding2D
from core.text import listed, one_line, say, shortened

Format = Literal["keras", "h5", "tflite"]
Pixels = Literal["unit", "bytes", "signed", "standardized"]
"""0 to 1, 0 to 255, -1 to 1, or less the mean and by the standard deviation of the training images."""
Outputs = Literal["probabilities", "logits", "scores"]
"""Scores are numbers that are not negative and do not sum to 1, such as sigmoids."""

NAME_LENGTH = 80
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_PADDING = 128
_MOST_SIDES = 4
_LEAST = 1e-30
"""Stands for a probability of zero, whose logarithm no file could hold."""


@dataclass(frozen=True, slots=True)
class InputForm:
    """How a network wants its images: from pixels in 0..1 with bright ink to its input."""

    shape: Shape
    """Of the network's input, without the batch."""
    pixels: Pixels = "unit"
    inverted: bool = False
    """Whether it wants dark ink on bright paper."""
    scale: float = 1.0
    offset: float = 0.0
    """The input is pixel · scale + offset."""
    padding: tuple[int, int] = (0, 0)
    """Rows added above and below, and columns added left and right, of paper."""
    repeated: bool = False
    """Whether gray goes into three channels."""
    channels_first: bool = False

    def __call__(self, images: Floats) -> Floats:
        """The input float32 (n, *shape) for images (n, height, width, channels) in 0..1."""
        (rows, columns) = self.padding
        found = np.pad(images, ((0, 0), (rows, rows), (columns, columns), (0, 0))) if any(self.padding) else images
        found = found * np.float32(self.scale) + np.float32(self.offset)
        if self.repeated:
            found = np.repeat(found, 3, axis=3)
        if self.channels_first:
            found = found.transpose(0, 3, 1, 2)
        return np.ascontiguousarray(found, np.float32).reshape(len(images), *self.shape)

    def as_layers(self, shape: Shape) -> tuple[Layer, ...] | None:
        """The same as layers between images of this shape and the network's own; None where our layers cannot do it."""
        (rows, columns), (height, width, channels) = self.padding, shape
        padded = height + 2 * rows, width + 2 * columns, channels
        if self.repeated or (self.channels_first and channels > 1) or len(self.shape) not in (1, 3):
            return None
        found: list[Layer] = []
        if any(self.padding):
            found.append(ZeroPadding2D("", self.padding))
        if (self.scale, self.offset) != (1.0, 0.0):
            found.append(Rescaling("", self.scale, self.offset))
        if len(self.shape) == 1:
            found.append(Flatten(""))
        elif self.shape != padded:
            found.append(Reshape("", self.shape))
        return tuple(found)

    def in_words(self) -> list[str]:
        """What it does to an image, in short."""
        found = [say(f"models.pixels.{self.pixels}")]
        if self.inverted:
            found.append(say("models.inverted"))
        if any(self.padding):
            found.append(say("models.padded", rows=self.padding[0], columns=self.padding[1]))
        if self.repeated:
            found.append(say("models.repeated"))
        if self.channels_first:
            found.append(say("models.channels_first"))
        return found if len(self.shape) > 1 else [*found, say("models.flat")]

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The form that was written; raises KeyError, TypeError or ValueError for anything else."""
        shape, padding = tuple(values["shape"]), tuple(values["padding"])
        scale, offset = float(values["scale"]), float(values["offset"])
        sound = 1 <= len(shape) <= _MOST_SIDES and len(padding) == 2
        sound = sound and all(type(side) is int and 0 < side <= 10**6 for side in shape) and math.prod(shape) <= 10**6
        sound = sound and all(type(each) is int and 0 <= each <= _MOST_PADDING for each in padding)
        sound = sound and abs(scale) <= 1000 and abs(offset) <= 1000 and values["pixels"] in get_args(Pixels)
        flags = [values[name] for name in ("inverted", "repeated", "channels_first")]
        if not sound or not all(isinstance(flag, bool) for flag in flags):
            raise ValueError(values)
        return cls(shape, values["pixels"], flags[0], scale, offset, (padding[0], padding[1]), flags[1], flags[2])


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Where a network that was not trained here came from; raises ValueError for what cannot be."""

    name: str
    """The file's name, in one line and cut if too long."""
    format: Format
    digest: str
    """SHA-256 of the file."""
    form: InputForm
    outputs: Outputs

    def __post_init__(self) -> None:
        sound = isinstance(self.name, str) and isinstance(self.digest, str) and _DIGEST.fullmatch(self.digest)
        if not sound or self.format not in get_args(Format) or self.outputs not in get_args(Outputs):
            raise ValueError(self)
        object.__setattr__(self, "name", shortened(one_line(self.name[: 10 * NAME_LENGTH]), NAME_LENGTH))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The record in a manifest; raises KeyError, TypeError or ValueError for anything else."""
        form = InputForm.from_json(values["form"])
        return cls(values["name"], values["format"], values["digest"], form, values["outputs"])

    def takes(self) -> str:
        """A sentence on how it takes its images."""
        return say("models.takes", how=listed(self.form.in_words()))


def log_probabilities(answers: Floats, kind: Outputs) -> Floats:
    """Natural logarithms of the class probabilities float32 (n, classes), from what a network answers."""
    values = answers.astype(np.float64)
    if kind == "logits":
        values = values - values.max(axis=1, keepdims=True)
        logs = values - np.log(np.exp(values).sum(axis=1, keepdims=True))
    else:
        values = np.maximum(values, _LEAST)
        logs = np.log(values / values.sum(axis=1, keepdims=True))
    found: Floats = logs.astype(np.float32)
    return found
