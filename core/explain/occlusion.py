"""Occlusion: how the answer changes while a blank patch covers one place of the image after another.

After Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.array_types import Floats
from core.config.layers import LayerRow
from core.explain.robustness import Probabilities

BUDGET = 600_000_000
"""Maximum multiplications for a step of one pixel: a fifth of a second on a slow machine."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """Probabilities float32 (k,) of the whole image, and (rows, columns, k) with each place of a grid covered.

    A place stands for `step` × `step` pixels, with the patch centered on them as closely as whole pixels allow.
    """

    whole: Floats
    covered: Floats
    patch: int
    step: int

    def change(self, label: int) -> Floats:
        """Change in the probability of a class when each place is covered, float32 (rows, columns) in -1..1."""
        return self.covered[..., label] - self.whole[label]

    def worst(self, label: int) -> tuple[int, int]:
        """Row and column of the grid where covering lowers the probability of a class the most."""
        row, column = np.unravel_index(self.change(label).argmin(), self.covered.shape[:2])
        return int(row), int(column)


def occlusion(probabilities: Probabilities, image: Floats, *, patch: int, step: int) -> Occlusion:
    """Cover every place of an image float32 (h, w), or with channels, in turn."""
    rows, columns = (-(-side // step) for side in image.shape[:2])
    places = [(row, column) for row in range(rows) for column in range(columns)]
    images = np.stack([cover(image, place, patch=patch, step=step) for place in places])
    # covering blank pixels changes nothing, so those images need no answer
    differs = (images != image).reshape(len(images), -1).any(axis=1)
    answers = probabilities(np.concatenate([image[None], images[differs]]))
    covered = np.repeat(answers[:1], len(images), axis=0)
    covered[differs] = answers[1:]
    return Occlusion(answers[0], covered.reshape(rows, columns, -1), patch, step)


def cover(image: Floats, place: tuple[int, int], *, patch: int, step: int) -> Floats:
    """A copy of the image with a square over this place of the grid: blank, on a colored image of its mean color."""
    covered = image.copy()
    blank = 0 if image.ndim == 2 else image.mean(axis=(0, 1))
    covered[span(place[0], patch, step), span(place[1], patch, step)] = blank
    return covered


def span(place: int, patch: int, step: int) -> slice:
    """The rows or columns that a patch covers, clipped to the image."""
    start = place * step + (step - patch) // 2
    return slice(max(0, start), start + patch)


def quick_step(table: Sequence[LayerRow]) -> int:
    """The step in pixels: 1 if the network can answer for every pixel within the budget, else 2 or, if slow, more."""
    height, width, _ = table[0].input_shape
    work = height * width * sum(row.multiply_adds for row in table)
    if work <= BUDGET:
        return 1
    return next(step for step in (2, 4, 8, 16) if work / step**2 <= 4 * BUDGET or step == 16)
