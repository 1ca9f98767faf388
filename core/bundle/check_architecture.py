"""Whether an `architecture.json` is the one that Keras writes of a network, and holds nothing else.

Keras makes objects of what such a file names, and some of them run code.
"""

import json
from collections.abc import Sequence
from typing import Any

from core.config.layers import (
    IMAGE_SHAPE,
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Pooling,
)
from core.config.run import RunConfig
from core.errors import UnreadableRun
from core.runs.folder import RunFolder
from core.text import say

_FLOAT32 = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
_COMMON = {"trainable": True, "dtype": _FLOAT32}


def _initializer(name: str) -> dict[str, Any]:
    return {"module": "keras.initializers", "class_name": name, "config": {}, "registered_name": None}


_LEARNS = {
    "use_bias": True,
    "kernel_initializer": _initializer("GlorotUniform"),
    "bias_initializer": _initializer("Zeros"),
}
_NORMALISES = {
    "axis": -1,
    "epsilon": 0.001,
    "center": True,
    "scale": True,
    "beta_initializer": _initializer("Zeros"),
    "gamma_initializer": _initializer("Ones"),
    "moving_mean_initializer": _initializer("Zeros"),
    "moving_variance_initializer": _initializer("Ones"),
}
_CHANNELS_LAST = {"data_format": "channels_last"}
# Keras notes for which input a layer was made; it counts for nothing, but may have any form of its own
_NOTED = ("build_config", "compile_config", "build_input_shape")


def read_architecture(folder: RunFolder, config: RunConfig) -> object:
    """What the run's `architecture.json` says, where it is the network of its config; raises UnreadableRun."""
    path = folder.architecture
    try:
        described: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnreadableRun(say("runs.file_missing", file=path.name)) from None
    except (OSError, ValueError, RecursionError):
        raise UnreadableRun(say("runs.file_damaged", file=path.name)) from None
    if not describes(described, config.network.layers()):
        raise UnreadableRun(say("bundles.foreign_architecture"))
    return described


def describes(described: object, layers: Sequence[Layer]) -> bool:
    """Whether what was read from the JSON is the network of these layers, to the last setting.

    Settings that are not known here may be there, from other releases of Keras, if they are off or mere numbers.
    """
    image = {"batch_shape": [None, *IMAGE_SHAPE], "dtype": "float32", "sparse": False, "name": "image"}
    kept = [_object("InputLayer", image), *(_layer(layer) for layer in layers)]
    network = {"name": "network", "trainable": True, "dtype": _FLOAT32, "layers": kept}
    expected = {"module": "keras", "class_name": "Sequential", "config": network, "registered_name": None}
    return _is_same(described, expected)


def _layer(layer: Layer) -> dict[str, Any]:
    match layer:
        case Conv2D(filters=filters, kernel_size=size, padding=padding, activation=activation):
            name = "Conv2D"
            settings = {
                "filters": filters,
                "kernel_size": [size, size],
                "strides": [1, 1],
                "padding": padding,
                "dilation_rate": [1, 1],
                "groups": 1,
                "activation": activation,
                **_CHANNELS_LAST,
                **_LEARNS,
            }
        case Pooling(kind=kind, padding=padding):
            name = "MaxPooling2D" if kind == "max" else "AveragePooling2D"
            settings = {"pool_size": [2, 2], "strides": [2, 2], "padding": padding, **_CHANNELS_LAST}
        case Dense(units=units, activation=activation):
            name, settings = "Dense", {"units": units, "activation": activation, **_LEARNS}
        case BatchNormalization(momentum=momentum):
            name, settings = "BatchNormalization", {"momentum": momentum, **_NORMALISES}
        case Activation(activation=activation):
            name, settings = "Activation", {"activation": activation}
        case Dropout(rate=rate):
            name, settings = "Dropout", {"rate": rate}
        case Flatten():
            name, settings = "Flatten", dict(_CHANNELS_LAST)
    return _object(name, {"name": layer.name, **_COMMON, **settings})


def _object(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": name, "config": settings, "registered_name": None}


def _is_same(found: object, expected: object) -> bool:
    if isinstance(expected, dict):
        if not isinstance(found, dict) or not expected.keys() <= found.keys():
            return False
        more = (found[name] for name in found.keys() - expected.keys() - set(_NOTED))
        noted = (found[name] for name in _NOTED if name in found)
        known = all(_is_same(found[name], value) for name, value in expected.items())
        off = all(value is None or value is False or type(value) is float for value in more)
        return known and off and all(map(_is_numbers, noted))
    if isinstance(expected, list):
        same_length = isinstance(found, list) and len(found) == len(expected)
        return same_length and all(map(_is_same, found, expected))  # type: ignore[call-overload] # it is a list
    # 1 is not True here, nor 0 None
    return type(found) is type(expected) and found == expected


def _is_numbers(noted: object) -> bool:
    """Nothing, a number, a list of these, or these by name; no text that could name a class."""
    if isinstance(noted, dict):
        return noted.keys() <= {"input_shape"} and all(map(_is_numbers, noted.values()))
    if isinstance(noted, list):
        return all(map(_is_numbers, noted))
    return noted is None or type(noted) is int
