"""From a network's layers to a Keras model and its optimizer."""

from collections.abc import Callable
from typing import Any

import keras

from core import layers
from core.config import RunConfig
from core.network import CNN, MLP
from core.training.batch_normalization import BatchNormalization

_KERAS_LAYERS: dict[type, Callable[[Any], tuple[type[keras.layers.Layer], dict[str, Any]]]] = {
    layers.Conv2D: lambda of: (
        keras.layers.Conv2D,
        {
            "filters": of.filters,
            "kernel_size": of.kernel_size,
            "padding": of.padding,
            "activation": of.activation,
        },
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


def build_network(network: MLP | CNN, precision: str = "float32", *, fused: bool = False) -> keras.Sequential:
    """The Keras model of a network, images float32 (n, 28, 28, 1) in, probabilities (n, 10) out.

    With `bfloat16` all layers but the last compute in bfloat16; the weights are float32 either way. `fused` is for a
    model that trains and is not saved whole: its batch normalisation is quicker, but a class of our own.
    """
    model = keras.Sequential(name="network")
    model.add(keras.Input(layers.IMAGE_SHAPE, name="image"))
    described = network.layers()
    for layer in described:
        make, arguments = _KERAS_LAYERS[type(layer)](layer)
        if fused and make is keras.layers.BatchNormalization:
            make = BatchNormalization
        # in bfloat16 the softmax would know 193 distinct confidences only
        mixed = precision == "bfloat16" and layer is not described[-1]
        model.add(make(name=layer.name, dtype="mixed_bfloat16" if mixed else "float32", **arguments))
    return model


def build_optimizer(config: RunConfig) -> keras.optimizers.Optimizer:
    """The optimizer of a run, Keras's defaults for all that the config does not name."""
    shared = {
        "learning_rate": config.learning_rate,
        "use_ema": config.weight_averaging,
        "ema_momentum": config.averaging_decay,
    }
    match config.optimizer:
        case "rmsprop":
            return keras.optimizers.RMSprop(**shared)
        case "adam":
            return keras.optimizers.Adam(**shared)
        case "adamw":
            return keras.optimizers.AdamW(weight_decay=config.weight_decay, **shared)
        case _:
            return keras.optimizers.SGD(momentum=config.momentum, **shared)
