"""The data sets that tutorials load, from Keras, scikit-learn, TensorFlow 1 or a CSV file, as arrays."""

import re
from collections.abc import Mapping
from math import prod
from typing import Any, Literal

from core.text import Message
from core.tutorials.values import Array, Made, Namespace, Part, Unknown

_IMAGES: Mapping[str, tuple[int, int, tuple[int, ...], int]] = {
    "mnist": (60_000, 10_000, (28, 28), 10),
    "fashion_mnist": (60_000, 10_000, (28, 28), 10),
    "cifar10": (50_000, 10_000, (32, 32, 3), 10),
    "cifar100": (50_000, 10_000, (32, 32, 3), 100),
}
"""Of Keras's data sets of images: training and test images, the shape of one, and the classes."""

KAGGLE = "kaggle-digit-recognizer"


def loaded(dataset: str) -> tuple[tuple[Array, Array], tuple[Array, Array]] | None:
    """The training and test arrays that Keras's `load_data` returns; None for a data set without images."""
    if dataset not in _IMAGES:
        return None
    training, test, shape, _ = _IMAGES[dataset]
    labels = () if len(shape) == 2 else (1,)
    return (
        (
            Array(dataset, "train", "images", (training, *shape), loaded=training),
            Array(dataset, "train", "labels", (training, *labels), loaded=training),
        ),
        (
            Array(dataset, "test", "images", (test, *shape), loaded=test),
            Array(dataset, "test", "labels", (test, *labels), loaded=test),
        ),
    )


def of_package(name: str) -> Array:
    """What the functions of the package `mnist` return: `train_images` and the like."""
    training, test, shape, _ = _IMAGES["mnist"]
    part: Part = "train" if name.startswith("train") else "test"
    count = training if part == "train" else test
    if name.endswith("labels"):
        return Array("mnist", part, "labels", (count,), loaded=count)
    return Array("mnist", part, "images", (count, *shape), loaded=count)


def classes(dataset: str) -> int | None:
    """How many classes a data set has, if that is known."""
    if dataset == KAGGLE:
        return 10
    return _IMAGES[dataset][3] if dataset in _IMAGES else None


def all_at_once(dataset: str = "mnist") -> Namespace:
    """What scikit-learn's `fetch_openml` returns: training and test images in one array, as vectors."""
    training, test, shape, _ = _IMAGES[dataset]
    data = Array(dataset, "all", "images", (training + test, prod(shape)))
    target = Array(dataset, "all", "labels", (training + test,))
    return Namespace({"data": data, "target": target})


def tensorflow_1(one_hot: Any, reshape: Any) -> Namespace:
    """What TensorFlow 1's `read_data_sets` returns: vectors or images scaled to 0..1, 5,000 held out."""
    parts: tuple[tuple[str, Part, int], ...] = (("train", "train", 55_000), ("validation", "validation", 5_000))
    found: dict[str, Any] = {}
    for name, part, count in (*parts, ("test", "test", 10_000)):
        where: Part = part
        shape = (784,) if reshape is not False else (28, 28, 1)
        loaded = 10_000 if name == "test" else 60_000
        images = Array("mnist", where, "images", (count, *shape), 1 / 255, loaded=loaded)
        labels = Array("mnist", where, "labels", (count, 10) if one_hot is True else (count,), one_hot=one_hot is True)
        found[name] = Namespace({"images": images, "labels": labels, "num_examples": count})
    return Namespace(found)


def table(path: object) -> Array:
    """The table in a CSV file, known by its name as on Kaggle and elsewhere."""
    name = str(path).replace("\\", "/").lower()
    part: Part = "test" if "test" in name.rpartition("/")[2] else "train"
    if "fashion" in name:
        return _table("fashion_mnist", part, 60_000 if part == "train" else 10_000, 785)
    if "mnist" in name.rpartition("/")[2]:
        return _table("mnist", part, 60_000 if part == "train" else 10_000, 785)
    if re.search(r"(^|[/_-])(train|test)\.csv$", name):
        return _table(KAGGLE, part, *((42_000, 785) if part == "train" else (28_000, 784)))
    return Array(f"file:{str(path)[:80]}", part, "table", (None, None))


def _table(dataset: str, part: Part, rows: int, columns: int) -> Array:
    return Array(dataset, part, "table", (rows, columns), loaded=rows)


IDX = "idx-file"
"""The path of `Made` for one of MNIST's own files, opened."""


def idx_file(path: object) -> Made | None:
    """One of the four files in which MNIST and Fashion-MNIST come, opened by a script; None for any other."""
    return Made(IDX, (path,), {}, 0) if isinstance(path, str) and re.search(r"idx[13]|ubyte", path) else None


def of_idx_file(file: Made) -> Array:
    """The values in such a file as one row."""
    dataset, part, count, side = _of_idx(file)
    content: Literal["images", "labels"] = "images" if side else "labels"
    return Array(dataset, part, content, (count * side * side if side else count,), loaded=count)


def idx_head(form: object, file: Made) -> tuple[int, ...] | Unknown:
    """The numbers at the start of such a file, as `struct.unpack` gives them."""
    _, _, count, side = _of_idx(file)
    numbers = (2051, count, side, side) if side else (2049, count)
    fits = isinstance(form, str) and form.upper().count("I") == len(numbers)
    return numbers if fits else Unknown(Message("tutorials.not_constant"), 0)


def _of_idx(file: Made) -> tuple[str, Part, int, int]:
    """Data set, part, how many there are, and the side of an image or 0 for labels."""
    name = str(file.arguments[0]).lower()
    dataset = "fashion_mnist" if "fashion" in name else "mnist"
    part: Part = "train" if "train" in name.replace("\\", "/").rpartition("/")[2] else "test"
    training, test, _, _ = _IMAGES[dataset]
    return dataset, part, training if part == "train" else test, 0 if "label" in name or "idx1" in name else 28
