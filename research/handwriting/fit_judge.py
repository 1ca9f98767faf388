"""Fit the check for digits to a network: `python -m research.handwriting.fit_judge RUN`."""

import argparse
import sys
from collections.abc import Mapping, Sequence

import numpy as np

from core.array_types import Bytes, Floats
from core.config.convolutions import Conv2D
from core.config.layer import Layer
from core.config.layers import Dense
from core.config.poolings import Pooling
from core.data.datasets import load as load_digits
from core.data.datasets import split, status
from core.errors import DataUnavailable, DigitLabError
from core.formatting import percent
from core.inference.classifier import BATCH, Classifier, load
from core.inference.familiarity import FILE, KINDS, Familiarity, Kind, features
from core.runs.store import RunStore
from research.handwriting.builds import drawings, drawings_as_written
from research.handwriting.dataset import HELD_OUT_WRITERS, VALIDATION_WRITERS
from research.handwriting.nondigits import nondigits, plain_digits
from research.handwriting.strokes import given_pen_digits
from research.handwriting.train_judge import Examples, train

DECLINED: Mapping[Kind, float] = {"drawing": 0.0015, "picture": 0.002, "pixels": 0.0025}
"""Share of the validation digits that each kind's threshold declines."""

DIGITS, DRAWINGS, NONDIGITS = 48_000, 48_000, 90_000
VALIDATION_DIGITS, VALIDATION_NONDIGITS = 8_000, 7_000
_PLAIN = 12
"""Number of non-digits per digit drawn by code."""
_SETS = ("mnist", "mnist-5k")


def fit(
    classifier: Classifier,
    digits: Floats,
    validation: Mapping[Kind, Floats],
    *,
    others: int = NONDIGITS,
    seed: int = 1,
) -> Familiarity:
    """Train on digits, and choose each kind's threshold on validation digits; float32 (n, 28, 28), bright ink in 0..1.

    Takes as long as the network takes for all of them, plus a quarter of an hour.
    """
    layers = _layers(classifier.config.all_layers)
    # includes digits drawn by code, because otherwise smooth lines alone would identify non-digits
    digits = np.concatenate([digits, plain_digits(others // _PLAIN)])
    known, unknown = (_examples(classifier, layers, images) for images in (digits, nondigits(others)))
    judge = train(known, unknown, seed)
    scores = {kind: judge.scores(*_examples(classifier, layers, images)) for kind, images in validation.items()}
    thresholds = {kind: float(np.quantile(scores[kind], DECLINED[kind])) for kind in KINDS}
    return Familiarity(classifier.epoch, layers, judge, thresholds)


def validated(familiarity: Familiarity, classifier: Classifier, count: int) -> float:
    """The share of other drawings of the kinds that it learned from that it declines, by which a seed is chosen."""
    images = nondigits(count, purpose=1)
    batches = [images[first : first + BATCH] for first in range(0, len(images), BATCH)]
    scores = np.concatenate([familiarity.scores(batch, classifier.layers(batch)) for batch in batches])
    return float((scores < familiarity.thresholds["drawing"]).mean())


def _layers(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Names of the pooling layers (or else the last convolution), the last layer's input, and the last layer."""
    pooled = [layer.name for layer in layers if isinstance(layer, Pooling)]
    convolutions = [layer.name for layer in layers if isinstance(layer, Conv2D)]
    dense = [layer.name for layer in layers if isinstance(layer, Dense)]
    last = [layers[-2].name] if len(dense) > 1 else []
    return *(pooled or convolutions[-1:]), *last, dense[-1]


def _examples(classifier: Classifier, layers: tuple[str, ...], images: Floats) -> Examples:
    batches = [images[first : first + BATCH] for first in range(0, len(images), BATCH)]
    rows = np.concatenate([features(layers, batch, classifier.layers(batch)) for batch in batches])
    return Examples(rows, images)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the check for a run's best epoch and save it next to the network; returns 2 on failure."""
    parser = argparse.ArgumentParser(prog="python -m research.handwriting.fit_judge", description=__doc__)
    parser.add_argument("run", metavar="FOLDER_OR_NAME", help="a run's folder, its id, or its name on the Runs page")
    parser.add_argument("--seed", type=int, default=1, help="of the weights and of the order of the examples")
    options = parser.parse_args(arguments)
    run = options.run
    try:
        folder = RunStore().folder(run)
        classifier = load(folder)
        name, digits, validation = _digits()
        familiarity = fit(classifier, digits, validation, others=NONDIGITS, seed=options.seed)
        familiarity.save(folder)
    except DigitLabError as error:
        print(f"{run}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{run}: {FILE} cannot be written ({error.strerror or error}).", file=sys.stderr)
        return 2
    size = (folder.path / FILE).stat().st_size
    print(
        f"{run}: {FILE} ({size / 1000:.0f} kB) of epoch {familiarity.epoch}, learned from {len(digits):,} digits of "
        f"{name}; it declines {percent(validated(familiarity, classifier, VALIDATION_NONDIGITS))} of other drawings."
    )
    return 0


def _digits() -> tuple[str, Floats, Mapping[Kind, Floats]]:
    """The name of the digits, those to learn from, and those to choose each threshold by; no test digits.

    Drawings are added if there are pen strokes: of the writers that the network was trained on, and of its validation
    writers.
    """
    name = next((name for name in _SETS if status(name).state in ("ready", "local")), _SETS[-1])
    parts = split(load_digits(name), "last-20")
    digits, pixels = _spread(parts.train_images, DIGITS), _spread(parts.validation_images, VALIDATION_DIGITS)
    try:
        pen_digits = given_pen_digits()
    except DataUnavailable:
        return name, digits, dict.fromkeys(KINDS, pixels)
    others = {*HELD_OUT_WRITERS, *VALIDATION_WRITERS}
    learned = drawings([digit for digit in pen_digits if digit.writer not in others], DRAWINGS)
    known = [digit for digit in pen_digits if digit.writer in VALIDATION_WRITERS]
    validation = drawings_as_written(known, VALIDATION_DIGITS)
    by_kind: Mapping[Kind, Floats] = {"drawing": validation, "picture": validation, "pixels": pixels}
    return f"{name} and pen strokes", np.concatenate([digits, learned]), by_kind


def _spread(images: Bytes, count: int) -> Floats:
    """Up to `count` images, evenly spaced."""
    chosen = np.linspace(0, len(images) - 1, min(count, len(images))).astype(int)
    spread: Floats = images[chosen].astype(np.float32) / np.float32(255)
    return spread


if __name__ == "__main__":
    sys.exit(main())
