"""Make the `handwriting` data set: `python -m research.handwriting pendigits-orig.tra --npz handwriting.npz`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.data.arrays import Arrays
from core.data.datasets import load
from core.errors import DataUnavailable
from core.places import place
from research.handwriting import dataset
from research.handwriting.strokes import digest, read_pen_digits


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the digits, which takes minutes, and write them with MNIST as one file; returns 2 on failure."""
    parser = argparse.ArgumentParser(prog="python -m research.handwriting", description=__doc__)
    parser.add_argument("strokes", type=place, metavar="STROKES", help="UCI's unpacked pendigits-orig.tra")
    parser.add_argument("--npz", type=place, default=place("handwriting.npz"), metavar="FILE", help="the file to write")
    options = parser.parse_args(arguments)
    try:
        make(options.strokes, options.npz)
    except DataUnavailable as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{options.npz} cannot be written ({error.strerror or error}); name another file.", file=sys.stderr)
        return 2
    print(options.npz)
    return 0


def make(strokes: Path, npz: Path) -> None:
    """Write MNIST with drawings of these strokes in Keras's layout; raises DataUnavailable, OSError."""
    pen_digits = read_pen_digits(strokes)
    mnist = load("mnist")
    images = Arrays(mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels)
    training, validation = dataset.TRAINING_DRAWINGS, dataset.VALIDATION_DRAWINGS
    both = dataset.combine(images, pen_digits, training=training, validation=validation)
    # opened here, because NumPy would append .npz to any other name
    with npz.open("wb") as file:
        np.savez_compressed(
            file,
            x_train=both.train_images,
            y_train=both.train_labels,
            x_test=both.test_images,
            y_test=both.test_labels,
            made_of=dataset.combined_digest(mnist.digest, digest(pen_digits)),
        )


if __name__ == "__main__":
    sys.exit(main())
