"""Decide from a network's layers whether an image is a digit at all, since its output always picks one of ten.

Distances to the classes in the last layer (K. Lee et al., 2018) tell only a quarter of letters from digits. Instead,
a small network learns from the layer outputs for digits and for drawings of other things: outlier exposure
(D. Hendrycks et al., 2019). It is tested on kinds of drawings that it was not trained on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

import numpy as np

from core.array_types import Floats
from core.drawing.one_digit import could_be_one_digit
from core.drawing.to_mnist import SIDE
from core.errors import UnreadableRun
from core.files import replacing
from core.inference.judge import Judge
from core.runs.folder import RunFolder

Activations = Mapping[str, Floats]

Kind = Literal["drawing", "picture", "pixels"]
"""Where an image comes from: the canvas, a picture, or a data set with digits of 28×28."""

KINDS: tuple[Kind, ...] = get_args(Kind)

FILE = "familiarity.npz"

_THRESHOLDS: Mapping[Kind, str] = {
    "drawing": "threshold",
    "picture": "threshold_picture",
    "pixels": "threshold_pixels",
}
"""Names in the file."""

_WIDEST = 1_024
_GRID = 3


@dataclass(frozen=True, slots=True, eq=False)
class Familiarity:
    """A check for digits, fitted to the layers of one network after one epoch."""

    epoch: int
    layers: tuple[str, ...]
    judge: Judge
    thresholds: Mapping[Kind, float]
    """The lowest score of a digit, by kind."""

    def score(self, image: Floats, activations: Activations) -> float:
        """Log odds that the image is a digit; minus infinity if the ink alone rules it out.

        `image` is float32 (28, 28) in 0..1 with bright ink, `activations` the result of `Classifier.activations`.
        """
        return float(self.scores(image[None], {name: activations[name][None] for name in self.layers})[0])

    def scores(self, images: Floats, activations: Activations) -> Floats:
        """The same for a batch, float32 (n,); each array has the batch as its first dimension."""
        scores = self.judge.scores(features(self.layers, images, activations), images)
        return np.where([could_be_one_digit(image) for image in images], scores, np.float32(-np.inf))

    def accepts(self, image: Floats, activations: Activations, kind: Kind = "drawing") -> bool:
        """Whether the image counts as a digit, so that the network's answer means something; arrays as in `score`."""
        return self.score(image, activations) >= self.thresholds[kind]

    def save(self, folder: RunFolder) -> None:
        """Save next to the network, under 500 kB; raises OSError."""
        with replacing(folder.path / FILE) as draft:
            arrays: dict[str, Any] = {"layers": np.array(self.layers), **self.judge.arrays()}
            at: dict[str, Any] = {_THRESHOLDS[kind]: threshold for kind, threshold in self.thresholds.items()}
            np.savez_compressed(draft, epoch=self.epoch, **at, **arrays)

    @classmethod
    def load(cls, folder: RunFolder) -> Self | None:
        """Load the check saved next to the network, None if there is none; raises UnreadableRun if it is damaged."""
        try:
            # opened here, because NumPy would not close a file that it cannot read
            with (folder.path / FILE).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                layers = tuple(str(name) for name in file["layers"])
                # earlier versions had one threshold for all kinds
                names = {kind: name if name in file else "threshold" for kind, name in _THRESHOLDS.items()}
                thresholds = {kind: float(file[name]) for kind, name in names.items()}
                return cls(int(file["epoch"]), layers, Judge.of(file), thresholds)
        except FileNotFoundError:
            return None
        except Exception:  # zip, zlib and NumPy raise a dozen different errors for a damaged file
            raise UnreadableRun("familiarity.damaged", file=FILE) from None


def features(layers: tuple[str, ...], images: Floats, activations: Activations) -> Floats:
    """Features float32 (m, n): images at half size, maps averaged over a 3×3 grid, and the last layers' values.

    `images` is float32 (m, 28, 28), `activations` the result of `Classifier.layers`.
    """
    parts = [images.reshape(-1, SIDE // 2, 2, SIDE // 2, 2).mean(axis=(2, 4)).reshape(len(images), -1)]
    for name in layers[:-1]:
        values = activations[name]
        parts.append(_fields(values) if values.ndim == 4 else values[:, :_WIDEST])
    # logarithms distinguish 1 in a million from 1 in a thousand
    return np.concatenate([*parts, np.log(np.maximum(activations[layers[-1]], np.float32(1e-12)))], axis=1)


def _fields(maps: Floats) -> Floats:
    """Means of each map over a 3×3 grid: float32 (m, n) of (m, h, w, c)."""
    height, width = maps.shape[1:3]
    edges = [np.linspace(0, side, min(_GRID, side) + 1).astype(int)[:-1] for side in (height, width)]
    sums = np.add.reduceat(np.add.reduceat(maps, edges[0], axis=1), edges[1], axis=2)
    sizes = [np.diff([*edge, side]) for edge, side in zip(edges, (height, width), strict=True)]
    means: Floats = (sums / np.outer(*sizes)[..., None]).astype(np.float32)
    return means.reshape(len(maps), -1)
