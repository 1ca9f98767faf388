"""MNIST combined with drawn digits, to train a network that reads drawings on a canvas."""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context

import numpy as np

from core.array_types import Bytes
from core.data.arrays import Arrays
from core.drawing.to_mnist import to_mnist
from core.errors import DataUnavailable
from research.handwriting.hands import vary
from research.handwriting.strokes import CANVAS, PenDigit, Strokes, render

HELD_OUT_WRITERS = ("5", "10", "15", "20", "25", "30")
"""Not used for training or for choosing an epoch."""

VALIDATION_WRITERS = ("4", "11", "18", "27")
"""Used for choosing the epoch, together with MNIST's last 20 %."""

RECIPE = 3
"""Version of the recipe; increase it with any change of the drawings, because it is part of the digest."""

TRAINING_DRAWINGS, VALIDATION_DRAWINGS = 40_000, 10_000
"""A fifth is for validation, as in MNIST, so that they match the last 20 % of all images."""

SIZES = (60.0, 240.0)
PENS = (6.0, 36.0)
THICKEST = 0.25
"""Maximum pen width relative to the size of the digit; a thicker pen makes a blot."""

_SEED = 5
_TRAINING, _VALIDATION = 0, 1
_MANY = 1_000


def canvas_drawing(strokes: Strokes, random: np.random.Generator) -> Bytes:
    """The strokes on a canvas, uint8 (280, 280, 4), at a random size and place with a random pen."""
    size = random.uniform(*SIZES)
    pen_width = random.uniform(PENS[0], min(PENS[1], THICKEST * size))
    x, y = random.uniform(size / 2, CANVAS - size / 2, 2)
    return render(strokes, size, (x, y), pen_width)


def combined_digest(mnist: str, strokes: str) -> str:
    """The digest that identifies the data set: SHA-256 of its inputs' digests and the recipe.

    It does not depend on the drawings, which differ slightly between releases of Pillow and NumPy.
    """
    return hashlib.sha256(f"{mnist} {strokes} {RECIPE}".encode()).hexdigest()


def combine(
    mnist: Arrays,
    pen_digits: Sequence[PenDigit],
    *,
    training: int,
    validation: int,
) -> Arrays:
    """MNIST with drawings of the pen digits added to its training images; the test images stay the same.

    The last 20 % of the training images are the last 20 % of MNIST's and drawings by the validation writers. Drawings
    for training have varied handwriting. Takes some minutes for 50,000 on one core. Raises DataUnavailable if the
    writers are missing.
    """
    others = {*HELD_OUT_WRITERS, *VALIDATION_WRITERS}
    to_learn = [digit for digit in pen_digits if digit.writer not in others]
    to_judge = [digit for digit in pen_digits if digit.writer in VALIDATION_WRITERS]
    if not to_learn or not to_judge:
        raise DataUnavailable(
            "errors.as_written",
            text="The strokes lack the writers to train on or to validate with; name UCI's pendigits-orig.tra.",
        )
    learned = _drawings(to_learn, training, _TRAINING)
    judged = _drawings(to_judge, validation, _VALIDATION)
    images, labels = mnist.train_images, mnist.train_labels
    cut = len(labels) - round(len(labels) / 5)
    return Arrays(
        np.concatenate([images[:cut], learned[0], images[cut:], judged[0]]),
        np.concatenate([labels[:cut], learned[1], labels[cut:], judged[1]]),
        mnist.test_images,
        mnist.test_labels,
    )


def _drawings(digits: Sequence[PenDigit], count: int, purpose: int) -> tuple[Bytes, Bytes]:
    """Drawings of the digits in turn, as images uint8 (count, 28, 28) and labels uint8 (count,)."""
    chosen = [digits[number % len(digits)] for number in range(count)]
    # for a few drawings, starting processes takes longer than drawing
    workers = (os.cpu_count() or 1) if count > _MANY else 1
    if workers > 1:
        # spawn, because forking a process with threads may hang
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            images = list(pool.map(_drawn, chosen, range(count), repeat(purpose), chunksize=250))
    else:
        images = [_drawn(digit, number, purpose) for number, digit in enumerate(chosen)]
    return np.array(images, np.uint8).reshape(-1, 28, 28), np.array([digit.label for digit in chosen], np.uint8)


def _drawn(digit: PenDigit, number: int, purpose: int) -> Bytes:
    # a separate generator for each drawing, so that none depends on the number of the others
    random = np.random.default_rng((_SEED, purpose, number))
    strokes = vary(digit, random) if purpose == _TRAINING else digit.strokes
    small: Bytes = np.round(to_mnist(canvas_drawing(strokes, random)) * 255).astype(np.uint8)
    return small
