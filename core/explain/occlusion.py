"""Occlusion: how the answer changes while a blank patch covers one place of the digit after another.

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
    """Probabilities float32 (10,) of the whole digit, and (n, n, 10) with each place of a square grid covered.

    A place stands for `step` × `step` pixels, with the patch centered on them as closely as whole pixels allow.
    """

    whole: Floats
    covered: Floats
    patch: int
    step: int

    def change(self, label: int) -> Floats:
        """Change in the probability of a class when each place is covered, float32 (n, n) in -1..1."""
        return self.covered[..., label] - self.whole[label]

    def worst(self, label: int) -> tuple[int, int]:
        """Row and column of the grid where covering lowers the probability of a class the most."""
        row, column = np.unravel_index(self.change(label).argmin(), self.covered.shape[:2])
        return int(row), int(column)


def occlusion(probabilities: Probabilities, image: Floats, *, patch: int, step: int) -> Occlusion:
    """Cover every place of an image float32 (28, 28) in turn; `step` must divide 28."""
    places = range(len(image) // step)
    images = np.stack([cover(image, (row, column), patch=patch, step=step) for row in places for column in places])
    # covering blank pixels changes nothing, so those images need no answer
    differs = (images != image).any(axis=(1, 2))
    answers = probabilities(np.concatenate([image[None], images[differs]]))
    covered = np.repeat(answers[:1], len(images), axis=0)
    covered[differs] = answers[1:]
    return Occlusion(answers[0], covered.reshape(len(places), len(places), -1), patch, step)


def cover(image: Floats, place: tuple[int, int], *, patch: int, step: int) -> Floats:
    """A copy of the image with a blank square over this place of the grid."""
    covered = image.copy()
    covered[span(place[0], patch, step), span(place[1], patch, step)] = 0
    return covered


def span(place: int, patch: int, step: int) -> slice:
    """The rows or columns that a patch covers, clipped to the image."""
    start = place * step + (step - patch) // 2
    return slice(max(0, start), start + patch)


def quick_step(table: Sequence[LayerRow], side: int = 28) -> int:
    """The step in pixels: 1 if the network can answer for every pixel within the budget, else 2."""
    return 1 if side**2 * sum(row.multiply_adds for row in table) <= BUDGET else 2
