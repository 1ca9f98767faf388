"""Builds the Keras model and the optimizer of a run."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import keras

from core.config import layers
from core.config.network import CNN, MLP
from core.config.run import RunConfig
from core.training import fast_optimizers as optimizers
from core.training.fast_layers import BatchNormalization, Dropout
from core.training.observed_network import ObservedNetwork

_KERAS_LAYERS: dict[type, Callable[[Any], tuple[type[keras.layers.Layer], dict[str, Any]]]] = {
    layers.Conv2D: lambda of: (
        keras.layers.Conv2D,
        {"filters": of.filters, "kernel_size": of.kernel_size, "padding": of.padding, "activation": of.activation},
    ),
    layers.Pooling: lambda of: (
        keras.layers.MaxPooling2D if of.kind == "max" else keras.layers.AveragePooling2D,
        {"pool_size": 2, "padding": of.padding},
    ),
    layers.Dense: lambda of: (keras.layers.Dense, {"units": of.units, "activation": of.activation}),
    layers.BatchNormalization: lambda of: (keras.layers.BatchNormalization, {"momentum": of.momentum}),
    layers.Activation: lambda of: (keras.layers.Activation, {"activation": of.activation}),
    layers.Dropout: lambda of: (keras.layers.Dropout, {"rate": of.rate}),
    layers.Flatten: lambda _: (keras.layers.Flatten, {}),
}


_QUICK: dict[type[keras.layers.Layer], type[keras.layers.Layer]] = {
    keras.layers.BatchNormalization: BatchNormalization,
    keras.layers.Dropout: Dropout,
}


def build_network(network: MLP | CNN, precision: str = "float32", *, quick: bool = False) -> keras.Sequential:
    """The Keras model of a network, from images float32 (n, 28, 28, 1) to probabilities (n, 10).

    With `bfloat16` all layers but the last compute in bfloat16; the weights are always float32. `quick` builds a model
    for training only, which is not saved as a whole: weights, outputs and gradients are the same, but some layers are
    faster classes of our own.
    """
    model = (ObservedNetwork if quick else keras.Sequential)(name="network")
    model.add(keras.Input(layers.IMAGE_SHAPE, name="image"))
    described = network.layers()
    for layer in _relu_late(described) if quick else described:
        make, arguments = _KERAS_LAYERS[type(layer)](layer)
        # in bfloat16 the softmax would have only 193 distinct confidences
        mixed = precision == "bfloat16" and layer is not described[-1]
        model.add(
            (_QUICK.get(make, make) if quick else make)(
                name=layer.name, dtype="mixed_bfloat16" if mixed else "float32", **arguments
            )
        )
    return model


def _relu_late(described: Sequence[layers.Layer]) -> list[layers.Layer]:
    """Move ReLU from before max pooling to after it: the same values and gradients from a quarter of the inputs."""
    found: list[layers.Layer] = []
    for layer in described:
        match found[-1:], layer:
            case [layers.Conv2D(activation="relu") as before], layers.Pooling(kind="max"):
                late = layers.Activation(f"{before.name}_relu", "relu")
                found[-1:] = [replace(before, activation="linear"), layer, late]
            case [layers.Activation(activation="relu") as before], layers.Pooling(kind="max"):
                found[-1:] = [layer, before]
            case _:
                found.append(layer)
    return found


def build_optimizer(config: RunConfig) -> keras.optimizers.Optimizer:
    """The optimizer of a run, with Keras's defaults for what is not in the config."""
    shared = {
        "learning_rate": config.learning_rate,
        "use_ema": config.weight_averaging,
        "ema_momentum": config.averaging_decay,
    }
    match config.optimizer:
        case "rmsprop":
            return optimizers.RMSprop(**shared)
        case "adam":
            return optimizers.Adam(**shared)
        case "adamw":
            return optimizers.AdamW(weight_decay=config.weight_decay, **shared)
        case _:
            return optimizers.SGD(momentum=config.momentum, **shared)
