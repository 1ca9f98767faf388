"""What a call of `fit` was given, as far as a record needs it: images to judge by, and figures.

NumPy is imported late, since a program may set its number of threads before it imports it.
"""

from __future__ import annotations

import itertools
import math
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeGuard

if TYPE_CHECKING:
    import numpy as np

MOST_HELD_OUT = 10_000
MOST_TRAINED_ON = 2_000
_MOST_BYTES = 200_000_000
"""Of the images that are kept of a training."""
_DEEPEST = 30
"""Data sets of TensorFlow that are made of one another."""
_MOST_SECONDS = 2.0
"""How long a data set of the program may take to give its images."""


class Examples(NamedTuple):
    """Some of the program's own inputs (n, ...) and what they should give, as they are."""

    inputs: np.ndarray
    targets: np.ndarray


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of `fit` that matter; inputs and targets are read when the training begins."""

    arguments: Mapping[str, Any]

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Self:
        return cls(dict(arguments))

    @property
    def epochs(self) -> int:
        return int(self.arguments.get("epochs", 1)) - int(self.arguments.get("initial_epoch", 0))

    @property
    def validates(self) -> bool:
        return self.arguments.get("validation_data") is not None or bool(self.arguments.get("validation_split"))

    def batch_size(self) -> int | None:
        """The number of images in a batch; None if it cannot be known."""
        given = self.arguments.get("batch_size")
        x = self.arguments.get("x")
        if given is not None:
            return int(given)
        if _is_array(x):
            return 32  # Keras's default
        spec = getattr(x, "element_spec", None)
        shape = getattr(spec[0] if isinstance(spec, tuple) else spec, "shape", (None,))
        size = shape[0] if shape is not None and len(shape) else None
        return int(size) if size is not None else _stated_batch_size(x)

    def training_images(self) -> int | None:
        """The number of images that the network learns from; None if it cannot be known."""
        x = self.arguments.get("x")
        return self._cut(len(x)) if _is_array(x) else None

    def held_out(self) -> Examples | None:
        """The first of the images that the training validates on; None where there are none, or they cannot be read.

        Iterators that can be read only once are left alone.
        """
        data = self.arguments.get("validation_data")
        if data is not None:
            return _examples(data)
        x, y = self.arguments.get("x"), self.arguments.get("y")
        if not self.arguments.get("validation_split") or not _is_array(x) or y is None:
            return None
        cut = self._cut(len(x))
        return _first((x[cut:], y[cut:]))

    def trained_on(self) -> Examples | None:
        """Some of the training images, spread over all of them; None where they come from an iterator."""
        x, y = self.arguments.get("x"), self.arguments.get("y")
        if not _is_array(x) or y is None:
            return None
        cut = self._cut(len(x))
        step = max(1, cut // min(MOST_TRAINED_ON, _count(x)))
        return _first((x[:cut:step], y[:cut:step]), most=MOST_TRAINED_ON)

    def _cut(self, count: int) -> int:
        """How many of the images are trained on, as Keras divides them."""
        share = self.arguments.get("validation_split") or 0.0
        split = share and self.arguments.get("validation_data") is None
        return math.floor(count * (1 - share)) if split else count


def _is_array(x: Any) -> TypeGuard[np.ndarray]:
    return hasattr(x, "shape") and hasattr(x, "__getitem__") and len(x.shape) > 0


def _stated_batch_size(x: Any) -> int | None:
    """How many images a data set, an iterator or a loader puts in a batch, where it says so."""
    for _ in range(_DEEPEST):
        size = getattr(x, "_batch_size", None)
        size = getattr(x, "batch_size", None) if size is None else size
        if size is not None:
            return int(size)
        # a data set of TensorFlow is made of others
        x = getattr(x, "_input_dataset", None)
    return None


def _count(x: Any) -> int:
    """How many of these inputs there is room for."""
    each = 4 * math.prod(int(side) for side in x.shape[1:])
    return max(1, min(MOST_HELD_OUT, _MOST_BYTES // max(each, 1)))


def _examples(data: Any) -> Examples | None:
    if isinstance(data, tuple | list) and len(data) in (2, 3):
        return _first((data[0], data[1])) if _is_array(data[0]) else None
    # an iterator gives each image only once, and a loader of PyTorch draws from its random numbers
    if isinstance(data, Iterator) or type(data).__module__.partition(".")[0] == "torch":
        return None
    return _gathered(_batches(data))


def _batches(data: Any) -> Iterator[Any]:
    if hasattr(data, "as_numpy_iterator"):
        return iter(data.as_numpy_iterator())
    if hasattr(data, "__len__") and hasattr(data, "__getitem__"):
        return (data[place] for place in range(len(data)))
    return iter(())


def _gathered(batches: Iterator[Any]) -> Examples | None:
    """The examples in batches, as many as there is room and time for."""
    import numpy as np

    began, inputs, targets, count = time.monotonic(), [], [], 0
    for batch in itertools.takewhile(lambda _: time.monotonic() - began < _MOST_SECONDS, batches):
        if not isinstance(batch, tuple | list) or len(batch) < 2 or not _is_array(batch[0]):
            return None
        inputs.append(_as_numpy(batch[0]))
        targets.append(_as_numpy(batch[1]))
        count += len(inputs[-1])
        if count >= _count(inputs[0]):
            break
    return _first((np.concatenate(inputs), np.concatenate(targets))) if count else None


def _first(pair: tuple[Any, Any], *, most: int = MOST_HELD_OUT) -> Examples | None:
    x, y = pair
    if y is None:
        return None
    most = min(most, _count(x))
    inputs, targets = _as_numpy(x[:most]), _as_numpy(y[:most])
    plain = all(array.dtype.kind in "fiub" for array in (inputs, targets))
    return Examples(_small(inputs), targets) if plain and len(inputs) == len(targets) > 0 else None


def _small(array: np.ndarray) -> np.ndarray:
    return array.astype("float32") if array.dtype.kind == "f" and array.dtype.itemsize > 4 else array


def _as_numpy(values: Any) -> np.ndarray:
    import numpy as np

    if isinstance(values, np.ndarray) or not hasattr(values, "dtype"):
        return np.asarray(values)
    # tensors of any backend, wherever they are
    ops = sys.modules["keras"].ops
    return np.asarray(ops.convert_to_numpy(values))
