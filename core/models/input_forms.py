"""How a network wants its images: found by trying on labeled ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod, sqrt

import numpy as np

from core.array_types import Bytes, Floats
from core.config.datasets import DataDescription
from core.config.layer import Shape
from core.errors import UnreadableRun
from core.runs.model_file import InputForm, Outputs

TRIED = 2_000
"""Images; between two forms that both seem to work, the accuracies then differ by more than chance."""

Answer = Callable[[Floats], Floats]
"""From a network's input to its output float32 (n, classes)."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The best form and the share of the tried images that the network gets right with it."""

    form: InputForm
    accuracy: float


def shaped(shape: Sequence[int | None], data: DataDescription) -> InputForm:
    """The form that only fits the shape; raises UnreadableRun where the images do not fit a network's input.

    `shape` is without the batch, and None stands for any length.
    """
    height, width, channels = data.shape
    known = tuple(data.shape) if len(shape) == 3 else (height, width)
    filled = tuple(side or (known[at] if at < len(known) else 1) for at, side in enumerate(shape))
    # sides of length 1 do not change the order of the values
    if filled == data.shape or (channels == 1 and tuple(side for side in filled if side > 1) == (height, width)):
        return InputForm(filled)
    if len(filled) == 1 and filled[0] == prod(data.shape):
        return InputForm(filled)
    for first in (False, True):
        if len(filled) != 3:
            break
        sides, count = (filled[1:], filled[0]) if first else (filled[:2], filled[2])
        extra = sides[0] - height, sides[1] - width
        padded = all(each >= 0 and each % 2 == 0 for each in extra)
        if padded and (count == channels or (count == 3 and channels == 1)):
            padding = extra[0] // 2, extra[1] // 2
            return InputForm(filled, padding=padding, repeated=count != channels, channels_first=first)
    raise UnreadableRun("models.other_shape", takes=_shown(filled), shape=_shown(data.shape))


def best_form(answer: Answer, form: InputForm, images: Bytes, labels: Bytes) -> Trial:
    """Of the usual ranges of pixels, each also inverted, the one with which a network gets most images right.

    Where others are better only by chance, the first in the usual order. `images` uint8 (n, height, width, channels).
    """
    pixels = (images / np.float32(255)).astype(np.float32)
    best: tuple[Trial, np.ndarray] | None = None
    for candidate in _candidates(form, pixels):
        outputs = answer(candidate(pixels))
        right = np.isfinite(outputs).all(axis=1) & (outputs.argmax(axis=1) == labels)
        trial = Trial(candidate, float(right.mean()))
        if best is None or _clearly_more(right, best[1]):
            best = trial, right
    assert best is not None
    return best[0]


def kind_of_outputs(answers: Floats) -> Outputs:
    """Whether answers float32 (n, classes) are probabilities, logits or scores."""
    if answers.min() < 0:
        return "logits"
    # quantized networks answer in steps of 1/256
    if np.abs(answers.sum(axis=1) - 1).max() < 0.01 * answers.shape[1] ** 0.5:
        return "probabilities"
    return "scores" if answers.max() <= 1 else "logits"


def _candidates(form: InputForm, pixels: Floats) -> Iterator[InputForm]:
    mean, deviation = float(pixels.mean()), max(float(pixels.std()), 1e-3)
    plain = [
        replace(form, pixels="unit", scale=1.0, offset=0.0),
        replace(form, pixels="bytes", scale=255.0, offset=0.0),
        replace(form, pixels="signed", scale=2.0, offset=-1.0),
        replace(form, pixels="standardized", scale=round(1 / deviation, 6), offset=round(-mean / deviation, 6)),
    ]
    yield from plain
    for each in plain:
        # 1 - pixel instead of pixel
        yield replace(each, inverted=True, scale=-each.scale, offset=each.scale + each.offset)


def _clearly_more(right: np.ndarray, before: np.ndarray) -> bool:
    """McNemar's test: more images only these get right than by tossing coins, at two standard deviations."""
    gained, lost = int((right & ~before).sum()), int((before & ~right).sum())
    return gained - lost > 2 * sqrt(gained + lost)


def _shown(shape: Shape) -> str:
    return "×".join(map(str, shape))
