"""The first updates of a run in slow motion, kept as they happen."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.runs.first_updates import IMAGES, UPDATES, Steps, Watched, write_steps
from core.runs.folder import RunFolder

_CANDIDATES = {"kernel": 256}
_KEPT = {"kernel": 2}
"""Of each layer: the weights that are watched, and those with the largest gradients, which are kept; else 4 and 1."""

_SLOTS = {
    "rmsprop": {"velocity": "_velocities"},
    "adam": {"momentum": "_momentums", "velocity": "_velocities"},
    "adamw": {"momentum": "_momentums", "velocity": "_velocities"},
    "sgd": {"momentum": "momentums"},
}


@dataclass(frozen=True, eq=False)
class _Part:
    """Weights of one variable that are watched: places in it when it is flat, and the optimizer's memory of it."""

    layer: str
    variable: Any
    places: np.ndarray
    memory: Sequence[Any]
    number: int


class Stepping(keras.callbacks.Callback):
    """Writes `steps.npz` after the first updates, or at the end of an epoch that has fewer.

    Looks on from within the compiled training step, so that the images, losses and gradients are those that training
    really has; what it reads changes none of them. `watch` comes between compile and fit. `places` are those of the
    first batches' images among the training images; the images themselves are kept only where they were augmented.
    """

    def __init__(self, folder: RunFolder, *, seed: int, places: Sequence[np.ndarray], augmented: bool) -> None:
        super().__init__()
        self._places = places
        self._augmented = augmented
        self._folder = folder
        self._seed = seed
        self._written = UPDATES

    def watch(self, model: keras.Model) -> None:
        """Look on at the first updates of a compiled model whose optimizer is built."""
        self._written = 0
        slots = _SLOTS[type(model.optimizer).__name__.lower()]
        lists = {name: found for name, of in slots.items() if (found := getattr(model.optimizer, of, None))}
        self._slots = tuple(lists)
        self._parts = _parts(model, list(lists.values()), np.random.default_rng(self._seed))
        count = sum(len(part.places) for part in self._parts)
        self._first_weights, self._first_states = self._weights().numpy(), self._states().numpy()
        self._numbers = tf.Variable(tf.zeros((UPDATES, 5 + (2 + len(self._slots)) * count)), trainable=False)
        self._digits = tf.Variable(tf.zeros((UPDATES, IMAGES, 28 * 28 + 1), tf.uint8), trainable=False)
        self._look_on(model)

    def _look_on(self, model: keras.Model) -> None:
        optimizer = model.optimizer
        train, compute_loss, apply = model.train_step, model.compute_loss, optimizer.apply_gradients
        seen: dict[str, Any] = {}

        def seeing_loss(*arguments: Any, **named: Any) -> Any:
            seen["loss"] = compute_loss(*arguments, **named)
            return seen["loss"]

        def seeing_gradients(pairs: Any, *arguments: Any, **named: Any) -> Any:
            found = list(pairs)
            seen["gradients"] = [gradient for gradient, _ in found]
            return apply(found, *arguments, **named)

        # a function, since it is asked twice, and all before the first batch waits for its tracing
        @tf.function(autograph=False, reduce_retracing=True)
        def loss_of(images: Any, labels: Any) -> tf.Tensor:
            return tf.cast(compute_loss(images, labels, model(images, training=False), None), tf.float32)

        def keep(number: Any, images: Any, labels: Any, rate: Any, loss: Any, before: Any, gradients: Any) -> tf.Tensor:
            size = tf.cast(tf.shape(images)[0], tf.float32)
            figures = tf.stack([loss, before, loss_of(images, labels), size, rate])
            watched = [tf.gather(tf.reshape(gradients[part.number], [-1]), part.places) for part in self._parts]
            values = [figures, self._weights(), tf.concat(watched, 0), tf.reshape(self._states(), [-1])]
            pixels = tf.cast(tf.round(images[:IMAGES] * 255), tf.uint8)
            digits = tf.concat([tf.reshape(pixels, [-1, 28 * 28]), tf.cast(labels[:IMAGES, None], tf.uint8)], 1)
            digits = tf.pad(digits, [[0, IMAGES - tf.shape(digits)[0]], [0, 0]])
            at = number[None]
            self._numbers.scatter_update(tf.IndexedSlices(tf.concat(values, 0)[None], at))
            self._digits.scatter_update(tf.IndexedSlices(digits[None], at))
            return tf.constant(True)

        def seeing_train(data: Any) -> Any:
            images, labels = data
            number = tf.cast(optimizer.iterations.value, tf.int32)
            rate = tf.cast(optimizer.learning_rate, tf.float32)
            early = number < UPDATES
            before = tf.cond(early, lambda: loss_of(images, labels), lambda: 0.0)
            logs = train(data)
            loss = tf.cast(seen["loss"], tf.float32)
            arguments = (number, images, labels, rate, loss, before, seen["gradients"])
            tf.cond(early, lambda: keep(*arguments), lambda: tf.constant(False))
            return logs

        model.compute_loss, optimizer.apply_gradients = seeing_loss, seeing_gradients
        model.train_step = seeing_train

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        if self._written < UPDATES <= int(self.model.optimizer.iterations):
            self._write()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        if self._written < min(UPDATES, int(self.model.optimizer.iterations)):
            self._write()

    def _write(self) -> None:
        count = self._written = min(UPDATES, int(self.model.optimizer.iterations))
        numbers, digits = self._numbers.numpy()[:count], self._digits.numpy()[:count]
        loss, before, after, sizes, rates = numbers[:, :5].T
        weights, gradients, *states = np.split(numbers[:, 5:], 2 + len(self._slots), axis=1)
        memory = np.stack(states, axis=1) if states else self._first_states[None].repeat(count, axis=0)
        strength = np.abs(gradients).mean(axis=0)
        chosen, watched, first = [], list[Watched](), 0
        for part in self._parts:
            found = strength[first : first + len(part.places)]
            for place in np.argsort(-found, kind="stable")[: _KEPT.get(part.variable.name, 1)]:
                chosen.append(first + place)
                index = np.unravel_index(part.places[place], tuple(part.variable.shape))
                watched.append(Watched(part.layer, part.variable.name, tuple(int(i) for i in index)))
            first += len(part.places)
        shown = digits[:, : int(min(IMAGES, sizes.min()))]
        images = shown[..., :-1].reshape(*shown.shape[:2], 28, 28)
        steps = Steps(
            loss=loss,
            before=before,
            after=after,
            sizes=sizes.astype(np.int64),
            places=np.array([places[: shown.shape[1]] for places in self._places[:count]], np.int32),
            images=images if self._augmented else images[:, :0],
            labels=shown[..., -1],
            rates=rates,
            watched=tuple(watched),
            weights=np.concatenate([self._first_weights[None], weights])[:, chosen],
            gradients=gradients[:, chosen],
            slots=self._slots,
            states=np.concatenate([self._first_states[None], memory])[:, :, chosen],
        )
        # a lesson is no reason for a run to fail
        with contextlib.suppress(OSError):
            write_steps(self._folder, steps)

    def _weights(self) -> tf.Tensor:
        return tf.concat([_values(part.variable, part.places) for part in self._parts], 0)

    def _states(self) -> tf.Tensor:
        """(slots, weights)"""
        if not self._slots:
            return tf.zeros((0, sum(len(part.places) for part in self._parts)))
        rows = [
            tf.concat([_values(part.memory[slot], part.places) for part in self._parts], 0)
            for slot in range(len(self._slots))
        ]
        return tf.stack(rows)


def _parts(model: keras.Model, lists: Sequence[Sequence[Any]], random: np.random.Generator) -> list[_Part]:
    parts: list[_Part] = []
    numbers = {id(variable): number for number, variable in enumerate(model.trainable_variables)}
    for layer in model.layers:
        for variable in layer.trainable_variables:
            number = numbers[id(variable)]
            count = int(np.prod(variable.shape))
            places = random.permutation(count)
            if not parts and len(variable.shape) == 2:
                # a dense layer on the image itself: at its rim there is never any ink, and so no gradient
                row, column = np.divmod(places // variable.shape[1], 28)
                places = places[(abs(row - 13.5) < 6) & (abs(column - 13.5) < 5)]
            memory = [of[number] for of in lists]
            chosen = places[: _CANDIDATES.get(variable.name, 4)]
            parts.append(_Part(layer.name, variable, chosen, memory, number))
    return parts


def _values(variable: Any, places: np.ndarray) -> tf.Tensor:
    return tf.cast(tf.gather(tf.reshape(tf.convert_to_tensor(variable), [-1]), places), tf.float32)
