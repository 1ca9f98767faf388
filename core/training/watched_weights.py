"""A few weights of every layer, whose gradients and optimizer state are recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.runs.first_updates import Watched

_CANDIDATES = {"kernel": 256}
_KEPT = {"kernel": 2}
"""For each variable, the number of weights to watch, and of those to keep: the ones with the largest gradients.
For other variables 4 and 1."""

_SLOTS = {
    "rmsprop": {"velocity": "_velocities"},
    "adam": {"momentum": "_momentums", "velocity": "_velocities"},
    "adamw": {"momentum": "_momentums", "velocity": "_velocities"},
    "sgd": {"momentum": "momentums"},
}
"""The variables of each optimizer's state that the lesson on updates needs; it leaves out the other optimizers."""


@dataclass(frozen=True, eq=False)
class _Part:
    """The watched weights of one variable: their indices in the flat variable, and the optimizer's variables for it."""

    layer: str
    variable: Any
    places: np.ndarray
    slots: Sequence[Any]
    number: int


class WatchedWeights:
    """k random weights of a compiled model whose optimizer is built."""

    def __init__(self, model: keras.Model, seed: int) -> None:
        names = _SLOTS.get(type(model.optimizer).__name__.lower(), {})
        lists = {slot: found for slot, name in names.items() if (found := getattr(model.optimizer, name, None))}
        self.slots = tuple(lists)
        """The names of the optimizer's state of a weight: `momentum`, `velocity`."""
        self._parts = _parts(model, list(lists.values()), np.random.default_rng(seed))

    def __len__(self) -> int:
        return sum(len(part.places) for part in self._parts)

    def values(self) -> tf.Tensor:
        """The weights, (k,)."""
        return tf.concat([_picked(part.variable, part) for part in self._parts], 0)

    def gradients(self, gradients: Sequence[tf.Tensor]) -> tf.Tensor:
        """Their gradients, (k,), out of those of all trainable variables."""
        return tf.concat([_picked(gradients[part.number], part) for part in self._parts], 0)

    def states(self) -> tf.Tensor:
        """Their optimizer state, (slots, k)."""
        if not self.slots:
            return tf.zeros((0, len(self)))
        rows = zip(*(part.slots for part in self._parts), strict=True)
        return tf.stack([tf.concat([_picked(v, p) for v, p in zip(row, self._parts, strict=True)], 0) for row in rows])

    def strongest(self, gradients: np.ndarray) -> tuple[list[int], tuple[Watched, ...]]:
        """The weights to keep: their indices among the k, and their names. The gradients are (updates, k)."""
        strength = np.abs(gradients).mean(axis=0)
        chosen, watched, first = [], list[Watched](), 0
        for part in self._parts:
            found = strength[first : first + len(part.places)]
            for place in np.argsort(-found, kind="stable")[: _KEPT.get(part.variable.name, 1)]:
                chosen.append(first + int(place))
                index = np.unravel_index(part.places[place], tuple(part.variable.shape))
                watched.append(Watched(part.layer, part.variable.name, tuple(int(i) for i in index)))
            first += len(part.places)
        return chosen, tuple(watched)


def _parts(model: keras.Model, lists: Sequence[Sequence[Any]], random: np.random.Generator) -> list[_Part]:
    parts: list[_Part] = []
    numbers = {id(variable): number for number, variable in enumerate(model.trainable_variables)}
    for layer in model.layers:
        for variable in layer.trainable_variables:
            number = numbers[id(variable)]
            places = random.permutation(int(np.prod(variable.shape)))
            height, width, channels = model.input_shape[1:]
            if not parts and variable.name == "kernel" and variable.shape[0] == height * width * channels:
                # a dense layer on the image: pixels at the border are always paper, so their gradients are zero
                row, column = np.divmod(places // variable.shape[1] // channels, width)
                middle = abs(row - (height - 1) / 2) < 0.21 * height, abs(column - (width - 1) / 2) < 0.18 * width
                places = places[middle[0] & middle[1]]
            slots = [of[number] for of in lists]
            parts.append(_Part(layer.name, variable, places[: _CANDIDATES.get(variable.name, 4)], slots, number))
    return parts


def _picked(values: Any, part: _Part) -> tf.Tensor:
    # one operation, since tracing them takes longer than running them
    places = np.stack(np.unravel_index(part.places, tuple(part.variable.shape)), axis=-1)
    return tf.cast(tf.gather_nd(tf.convert_to_tensor(values), places), tf.float32)
