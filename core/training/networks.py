"""Builds the Keras model and the optimizer of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras

from core.config import convolutions, layers, poolings
from core.config.layer import Layer, Penalty, Shape
from core.config.run import RunConfig
from core.training import fast_optimizers as optimizers
from core.training.fast_layers import BatchNormalization, Dropout
from core.training.observed_network import ObservedNetwork
from core.training.one_cycle import one_cycle

_QUICK: dict[type, type[keras.layers.Layer]] = {layers.BatchNormalization: BatchNormalization, layers.Dropout: Dropout}


def build_network(config: RunConfig, precision: str = "float32", *, quick: bool = False) -> keras.Sequential:
    """The Keras model of a run, from images float32 (n, height, width, channels) to probabilities (n, classes).

    With `bfloat16` all layers but the last compute in bfloat16; the weights are always float32. `quick` builds a model
    for training only, which is not saved as a whole: weights, outputs and gradients are the same, but some layers are
    faster classes of our own.
    """
    if precision == "float32" and not quick:
        return sequential(config.all_layers, config.data.shape)
    described = config.all_layers

    def dtype(layer: Layer) -> str:
        # in bfloat16 the softmax would have only 193 distinct confidences
        return "mixed_bfloat16" if precision == "bfloat16" and layer is not described[-1] else "float32"

    made = [
        _keras_layer(layer, dtype(layer), _QUICK if quick else {})
        for layer in (_relu_late(described) if quick else described)
    ]
    return _stacked(ObservedNetwork if quick else keras.Sequential, config.data.shape, made)


def sequential(layers: Sequence[Layer], shape: Shape) -> keras.Sequential:
    """The Keras model of these layers for inputs of this shape, in float32."""
    return _stacked(keras.Sequential, shape, [_keras_layer(layer, "float32", {}) for layer in layers])


def _stacked(kind: type[keras.Sequential], shape: Shape, layers: list[keras.layers.Layer]) -> keras.Sequential:
    # all at once: each `add` would build the layers before it anew
    return kind([keras.Input(shape, name="image"), *layers], name="network")


def _keras_layer(layer: Layer, dtype: str, kinds: Mapping[type, type[keras.layers.Layer]]) -> keras.layers.Layer:
    """The Keras layer, of the class in `kinds` or Keras's own of the same name."""
    kind = kinds.get(type(layer)) or getattr(keras.layers, type(layer).__name__)
    arguments = {
        name: _regularizer(value) if isinstance(value, Penalty) else value
        for name, value in layer.keras_arguments.items()
    }
    return kind(name=layer.name, dtype=dtype, **arguments)


def _regularizer(penalty: Penalty) -> keras.regularizers.Regularizer:
    match penalty:
        case Penalty(l1, 0):
            return keras.regularizers.L1(l1)
        case Penalty(0, l2):
            return keras.regularizers.L2(l2)
        case _:
            return keras.regularizers.L1L2(penalty.l1, penalty.l2)


def _relu_late(described: Sequence[Layer]) -> list[Layer]:
    """Move ReLU from before max pooling to after it: the same values and gradients from fewer inputs."""
    found: list[Layer] = []
    for layer in described:
        match found[-1:], layer:
            case [convolutions.Conv2D(activation="relu") as before], poolings.MaxPooling2D():
                late = layers.Activation(f"{before.name}_relu", "relu")
                found[-1:] = [replace(before, activation="linear"), layer, late]
            case [layers.Activation(activation="relu") as before], poolings.MaxPooling2D():
                found[-1:] = [layer, before]
            case _:
                found.append(layer)
    return found


def build_optimizer(config: RunConfig, *, batches: int | None = None) -> keras.optimizers.Optimizer:
    """The optimizer of a run, with Keras's defaults for what is not in the config.

    `batches` in an epoch, where it is not trained on all images of the run's data set.
    """
    optimizer = _optimizer(config)
    if config.schedule == "one_cycle":
        updates = (batches or config.updates_per_epoch) * config.epochs
        return one_cycle(optimizer, updates=updates, peak_at=config.peak_at)
    return optimizer


def _optimizer(config: RunConfig) -> keras.optimizers.Optimizer:
    shared: dict[str, Any] = {
        "learning_rate": config.learning_rate,
        "use_ema": config.weight_averaging,
        "ema_momentum": config.averaging_decay,
    }
    if config.clipping != "off":
        shared[f"clip{config.clipping}"] = config.clip_at
    match config.optimizer:
        case "rmsprop":
            return optimizers.RMSprop(**shared)
        case "adam":
            return optimizers.Adam(**shared)
        case "adamw":
            return optimizers.AdamW(weight_decay=config.weight_decay, **shared)
        case "nadam":
            return keras.optimizers.Nadam(**shared)
        case "adagrad":
            return keras.optimizers.Adagrad(**shared)
        case "adadelta":
            return keras.optimizers.Adadelta(**shared)
        case "sgd":
            return optimizers.SGD(momentum=config.momentum, **shared)
