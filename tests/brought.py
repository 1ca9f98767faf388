"""Small data sets as a person might bring them, written where Digit Lab looks for such sets."""

import hashlib
import json
from pathlib import Path

import numpy as np

from core.config.datasets import ABOUT_FILE, DataDescription


def bring(
    folder: Path,
    name: str,
    *,
    shape: tuple[int, int, int] = (12, 10, 3),
    classes: tuple[str, ...] = ("leaf", "stone", "water"),
    training: int = 60,
    test: int = 30,
) -> DataDescription:
    """Write a data set of noisy images, each class with a brightness (and color) of its own."""
    random = np.random.default_rng(len(classes))
    colors = random.integers(40, 200, (len(classes), shape[2]))
    arrays = {}
    for part, count in (("train", training), ("test", test)):
        labels = (np.arange(count) % len(classes)).astype(np.uint8)
        noise = random.integers(0, 50, (count, *shape))
        images = (colors[labels][:, None, None] + noise).astype(np.uint8)
        arrays |= {f"{part}_images": images[..., 0] if shape[2] == 1 else images, f"{part}_labels": labels}
    digest = hashlib.sha256(b"".join(each.tobytes() for each in arrays.values())).hexdigest()
    described = DataDescription(shape, classes, training, test, digest)
    (folder / name).mkdir(parents=True)
    for file, values in arrays.items():
        np.save(folder / name / f"{file}.npy", values)
    about = described.to_json() | {"title": "", "source": "a test", "owner": None}
    (folder / name / ABOUT_FILE).write_text(json.dumps(about), encoding="utf-8")
    return described
