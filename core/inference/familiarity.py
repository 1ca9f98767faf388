"""Whether what a network sees is like the digits it knows, told from its layers; it answers ten classes for anything.

Distances to the classes in the last layer (K. Lee et al., 2018) part letters from digits in a quarter of cases only,
so a small network of its own learns from what the layers make of digits and of drawings that are none: outlier
exposure (D. Hendrycks et al., 2019). It is held to kinds of drawings that it did not learn from.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.config.layers import Conv2D, Dense, Layer, Pooling
from core.data.datasets import load as load_digits
from core.data.datasets import split, status
from core.drawing.one_digit import could_be_one_digit
from core.errors import DigitLabError, UnreadableRun
from core.files import replacing
from core.formatting import percent
from core.inference.classifier import Classifier, load
from core.inference.judge import Judge, train
from core.runs.folder import RunFolder
from core.runs.store import RunStore
from core.text import say
from research.handwriting.nondigits import nondigits, plain_digits

Floats = NDArray[np.float32]
Activations = Mapping[str, Floats]

FILE = "familiarity.npz"
DECLINED = 0.01
"""The share of the validation digits that are not accepted."""

DIGITS, VALIDATION_DIGITS, NONDIGITS = 36_000, 8_000, 16_000
_PLAIN = 4
"""Non-digits for each digit drawn by code."""
_SETS = ("handwriting", "mnist", "mnist-5k")
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
        return float(self.judge.scores(_features(self.layers, image, activations)[None])[0])

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
            raise UnreadableRun(say("familiarity.damaged", file=FILE)) from None


def fit(classifier: Classifier, digits: Floats, validation: Floats, *, others: int = NONDIGITS) -> Familiarity:
    """Learn from digits, and choose the threshold on validation digits; float32 (n, 28, 28) in 0..1, ink bright.

    Takes as long as the network takes for all of them, one by one, and some seconds more.
    """
    layers = _layers(classifier.config.network.layers())
    # by code too, or a line without the tremor of a hand would be what tells the others
    digits = np.concatenate([digits, plain_digits(others // _PLAIN)])
    known, unknown = (_table(classifier, layers, images) for images in (digits, nondigits(others)))
    judge = train(known, unknown)
    scores = judge.scores(_table(classifier, layers, validation))
    return Familiarity(classifier.epoch, layers, judge, float(np.quantile(scores, DECLINED)))


def _layers(layers: list[Layer]) -> tuple[str, ...]:
    """Each pooling, or the last convolution where there is none, what the last layer sees, and what it answers."""
    pooled = [layer.name for layer in layers if isinstance(layer, Pooling)]
    convolutions = [layer.name for layer in layers if isinstance(layer, Conv2D)]
    dense = [layer.name for layer in layers if isinstance(layer, Dense)]
    last = [layers[-2].name] if len(dense) > 1 else []
    return *(pooled or convolutions[-1:]), *last, dense[-1]


def _table(classifier: Classifier, layers: tuple[str, ...], images: Floats) -> Floats:
    return np.array([_features(layers, image, classifier.activations(image)) for image in images], np.float32)


def _features(layers: tuple[str, ...], image: Floats, activations: Activations) -> Floats:
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the best epoch of a run and write it beside the network; 2 where that is not possible."""
    parser = argparse.ArgumentParser(
        prog="python -m core.inference.familiarity", description=say("familiarity.description")
    )
    parser.add_argument("run", metavar="FOLDER_OR_NAME", help=say("familiarity.help_run"))
    run = parser.parse_args(arguments).run
    try:
        folder = RunStore().folder(run)
        classifier = load(folder)
        name, digits, validation = _digits()
        familiarity = fit(classifier, digits, validation, others=NONDIGITS)
        familiarity.save(folder)
    except DigitLabError as error:
        print(f"{run}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        reason = error.strerror or error
        print(f"{run}: {say('familiarity.unwritable', file=FILE, reason=reason)}", file=sys.stderr)
        return 2
    size = (folder.path / FILE).stat().st_size
    line = say(
        "familiarity.written", file=FILE, size=f"{size / 1000:.0f}", digits=f"{len(digits):,}", name=name,
        epoch=familiarity.epoch, declined=percent(DECLINED), validation=f"{len(validation):,}",
    )  # fmt: skip
    print(f"{run}: {line}")
    return 0


def _digits() -> tuple[str, Floats, Floats]:
    """The first data set there is, drawn digits before others, to learn from and to choose by; test digits in none."""
    name = next((name for name in _SETS if status(name).state in ("ready", "local")), _SETS[-1])
    parts = split(load_digits(name), "last-20")
    return name, _spread(parts.train_images, DIGITS), _spread(parts.validation_images, VALIDATION_DIGITS)


def _spread(images: NDArray[np.uint8], count: int) -> Floats:
    """So many of them at most, from all over."""
    chosen = np.linspace(0, len(images) - 1, min(count, len(images))).astype(int)
    spread: Floats = images[chosen].astype(np.float32) / np.float32(255)
    return spread


if __name__ == "__main__":
    sys.exit(main())
