"""What all benchmarks share: thoroughness, data set and temporary folder."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.datasets import load, status


@dataclass(frozen=True, slots=True)
class Setting:
    """One call of the benchmarks; `folder` is deleted when it ends."""

    folder: Path
    quick: bool
    dataset: str

    @property
    def digits(self) -> Path:
        """The data set as one npz file in the format of Keras's MNIST."""
        return self.folder / "digits.npz"

    def turns(self, full: int, quick: int) -> int:
        """The number of repetitions."""
        return quick if self.quick else full


def prepare(folder: Path, *, quick: bool) -> Setting:
    """Convert the digits into a cache below the folder, for this process and its children.

    Uses MNIST if it is on this machine, else the sample of 5,000 that needs no download.
    """
    name = "mnist" if status("mnist").state in ("ready", "local") else "mnist-5k"
    kept = load(name) if status(name).state == "ready" else None
    os.environ["DIGIT_LAB_CACHE"] = str(folder / "cache")
    data = kept or load(name)
    setting = Setting(folder, quick, name)
    np.savez_compressed(
        setting.digits,
        x_train=data.train_images,
        y_train=data.train_labels,
        x_test=data.test_images,
        y_test=data.test_labels,
    )
    if name == "mnist":
        os.environ["DIGIT_LAB_MNIST"] = str(setting.digits)
    load(name)
    return setting
