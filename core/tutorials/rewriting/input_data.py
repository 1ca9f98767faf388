"""MNIST as TensorFlow 1's tutorials loaded it, for scripts that train with Keras on it."""

import re
from typing import Any

import libcst as cst

from core.tutorials.rewriting.syntax import bound_name, dotted

_MODULE = "tensorflow.examples.tutorials.mnist"
_LOADER = """\
class {name}:
    @staticmethod
    def read_data_sets(folder=None, one_hot=False, reshape=True, **others):
        from types import SimpleNamespace
        (x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
        def part(images, labels):
            images = images.reshape((-1, 784) if reshape else (-1, 28, 28, 1)).astype("float32") / 255
            labels = keras.utils.to_categorical(labels, 10) if one_hot else labels
            return SimpleNamespace(images=images, labels=labels, num_examples=len(images))
        train, held = part(x[5000:], y[5000:]), part(x[:5000], y[:5000])
        return SimpleNamespace(train=train, validation=held, test=part(x_test, y_test))
"""
"""As in TensorFlow 1: pixels from 0 to 1, and the first 5,000 images held out."""


def imported_as(statement: cst.SimpleStatementLine) -> str | None:
    """The name under which a statement imports TensorFlow 1's loader; None if it does not."""
    match statement.body:
        case [cst.ImportFrom(module=cst.Attribute() as module, names=[alias])] if (
            dotted(module) == _MODULE and dotted(alias.name) == "input_data"
        ):
            return bound_name(alias) or "input_data"
        case [cst.Import(names=[alias])] if dotted(alias.name) == f"{_MODULE}.input_data":
            return bound_name(alias) or None
    return None


def loader(name: str) -> Any:
    """A class with the loader's one function, by this name, as a statement."""
    return cst.parse_statement(_LOADER.format(name=name))


def feeds_batches(code: str) -> bool:
    """Whether a script takes its batches from the loader one by one, as TensorFlow 1 trained."""
    return bool(re.search(r"\bnext_batch\(", code))
