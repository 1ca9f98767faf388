"""The data set that a recorded run's pages show: one that is known here, or the program's own images, kept as one."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.config.datasets import BUILT_IN, DataDescription, describe
from core.data.about import About, write_about
from core.data.arrays import Arrays
from core.data.dataset_folder import write_arrays
from core.data.datasets import load, status
from core.data.store import AddedDataset, place_new
from core.errors import DataUnavailable, DigitLabError
from core.text import say
from core.watching.pictures import Pictures


def data_set_of(
    held_out: Pictures, trained_on: Pictures | None, classes: int, script: str
) -> tuple[str, DataDescription]:
    """The name and description of a data set whose test images are these; it is added if it is new.

    Raises DigitLabError where it cannot be written.
    """
    for name in ("mnist", "mnist-5k"):
        if _are_test_images_of(name, held_out):
            return name, describe(name)
    # a data set without training images cannot be
    shown = trained_on or held_out
    arrays = Arrays(shown.images, shown.labels, held_out.images, held_out.labels)
    digest = arrays.digest()
    names = tuple(map(str, range(classes)))
    description = DataDescription(held_out.shape, names, len(shown.labels), len(held_out.labels), digest)
    name = f"recorded-{digest[:12]}"
    if not AddedDataset.named(name).exists:
        about = About(
            description,
            title=say("recording.data_title", script=script),
            source=script,
            note=say("recording.data_note" if trained_on else "recording.data_note_alone"),
            created=time.time(),
        )

        def make(folder: Path) -> None:
            write_arrays(folder, arrays)
            write_about(folder, about)

        try:
            place_new(AddedDataset.named(name), make)
        except DigitLabError:
            # another process has added it meanwhile
            if not AddedDataset.named(name).exists:
                raise
    return name, description


def without_images(shape: tuple[int, int, int] | None, classes: int, training: int) -> DataDescription:
    """What to say of a data set of which nothing is kept; a usual shape stands for one that is not known."""
    usual = BUILT_IN["mnist"]
    names = tuple(map(str, range(classes)))
    return replace(usual, shape=shape or usual.shape, classes=names, training=training, test=1, digest="0" * 64)


def _are_test_images_of(name: str, shown: Pictures) -> bool:
    if shown.shape != BUILT_IN[name].shape or len(shown.labels) != BUILT_IN[name].test:
        return False
    try:
        if status(name).state not in ("ready", "local"):
            return False
        data = load(name)
    except DataUnavailable:
        return False
    return np.array_equal(data.test_labels, shown.labels) and np.array_equal(data.test_images, shown.images)
