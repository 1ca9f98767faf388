"""Whether what a network sees is like the digits it knows, told from its layers; it answers ten classes for anything.

Distances to the classes in the last layer (K. Lee et al., 2018) part letters from digits in a quarter of cases only,
so a small network of its own learns from what the layers make of digits and of drawings that are none: outlier
exposure (D. Hendrycks et al., 2019). It is held to kinds of drawings that it did not learn from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.drawing.one_digit import could_be_one_digit
from core.errors import UnreadableRun
from core.files import replacing
from core.inference.judge import Judge
from core.runs.folder import RunFolder

Floats = NDArray[np.float32]
Activations = Mapping[str, Floats]

FILE = "familiarity.npz"

_WIDEST = 1_024
_GRID = 3


@dataclass(frozen=True, slots=True, eq=False)
class Familiarity:
    """What one network's layers look like for digits, after one epoch."""

    epoch: int
    layers: tuple[str, ...]
    judge: Judge
    threshold: float

    def score(self, image: Floats, activations: Activations) -> float:
        """How like one of the known digits, in log odds; minus infinity where the ink alone says that it is none.

        image is float32 (28, 28) in 0..1, ink bright, and activations what `Classifier.activations` gives for it.
        """
        if not could_be_one_digit(image):
            return -np.inf
        return float(self.judge.scores(features(self.layers, image, activations)[None])[0])

    def accepts(self, image: Floats, activations: Activations) -> bool:
        """Whether the network's answer for the image means anything; arrays as in `score`."""
        return self.score(image, activations) >= self.threshold

    def save(self, folder: RunFolder) -> None:
        """Write it beside the network, under 200 kB; raises OSError."""
        with replacing(folder.path / FILE) as draft:
            arrays: dict[str, Any] = {"layers": np.array(self.layers), **self.judge.arrays()}
            np.savez_compressed(draft, epoch=self.epoch, threshold=self.threshold, **arrays)

    @classmethod
    def load(cls, folder: RunFolder) -> Self | None:
        """What was saved beside the network, None where nothing was; raises UnreadableRun where it is damaged."""
        try:
            # opened here, since NumPy leaves a file it cannot read open
            with (folder.path / FILE).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                layers = tuple(str(name) for name in file["layers"])
                return cls(int(file["epoch"]), layers, Judge.of(file), float(file["threshold"]))
        except FileNotFoundError:
            return None
        except Exception:  # zip, zlib and NumPy report a damaged file in any of a dozen ways
            raise UnreadableRun("familiarity.damaged", file=FILE) from None


def features(layers: tuple[str, ...], image: Floats, activations: Activations) -> Floats:
    """The image at half its size, means of maps in 3×3 fields, and the last layers' values, float32 (n,)."""
    parts = [image.reshape(14, 2, 14, 2).mean(axis=(1, 3)).ravel()]
    for name in layers[:-1]:
        values = activations[name]
        parts.append(_fields(values) if values.ndim == 3 else values[:_WIDEST])
    # the logarithm tells 1 in a million from 1 in a thousand
    return np.concatenate([*parts, np.log(np.maximum(activations[layers[-1]], np.float32(1e-12)))])


def _fields(maps: Floats) -> Floats:
    """Each map's means over 3×3 fields, of (h, w, c) values."""
    edges = [np.linspace(0, side, min(_GRID, side) + 1).astype(int)[:-1] for side in maps.shape[:2]]
    sums = np.add.reduceat(np.add.reduceat(maps, edges[0], axis=0), edges[1], axis=1)
    sizes = [np.diff([*edge, side]) for edge, side in zip(edges, maps.shape[:2], strict=True)]
    means: Floats = (sums / np.outer(*sizes)[..., None]).astype(np.float32)
    return means.ravel()
