"""One layer of a Keras model's description as one of our layers, and its weights as ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from core.array_types import Floats
from core.config.layer import Layer
from core.config.layers import KINDS, Activation, BatchNormalization, LeakyReLU
from core.errors import Advice
from core.models.description import Described, NotOurLayers
from core.runs.weight_arrays import keras_name

_EPSILON = 0.001
"""Keras's default, which our batch normalization has."""

_BY_NAME = {kind.__name__: kind for kind in KINDS.values()}
IDLE = frozenset(
    {
        *("InputLayer", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"),
        *("RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation"),
        *("RandomZoom",),
    }
)
"""Layers that do nothing when a trained network is used; a random crop of a smaller size would be noticed later."""
# the last one is what Keras writes for tf.nn.softmax
_OTHER_NAMES = {"swish": "silu", "hard_silu": "hard_swish", "softmax_v2": "softmax"}
_NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "data_format": ("channels_last", None),
    "groups": (1,),
    "keepdims": (False,),
    "quantization_config": (None,),
    "renorm": (False,),
    "rms_scaling": (False,),
    "approximate": (False,),
}
"""Arguments that our layers do not have, with the values at which they make no difference."""

Arrays = list[Floats]


def our_layer(described: Described) -> Layer | None:
    """Our layer of the same kind and arguments; None for one that does nothing in a trained network."""
    kind, config = described.kind, dict(described.config)
    if kind in IDLE:
        return None
    for name, neutral in _NEUTRAL.items():
        if name in config and config[name] not in neutral:
            raise NotOurLayers
    match kind:
        case "Softmax":
            if config.get("axis", -1) not in (-1, [-1]):
                raise NotOurLayers
            return Activation("", "softmax")
        case "ReLU":
            return _relu(config)
        case "LeakyReLU":
            slope = config.get("negative_slope", config.get("alpha", 0.3))
            return LeakyReLU("", LeakyReLU.rules["negative_slope"].read(slope))
        case _ if kind in _BY_NAME:
            return _as_ours(_BY_NAME[kind], config)
    raise NotOurLayers


def our_weights(described: Described, layer: Layer) -> Callable[[Arrays], Arrays]:
    config = described.config
    if isinstance(layer, BatchNormalization):
        axis = config.get("axis", -1)
        # the last one, which is the third of maps and the first of a vector
        if (axis[0] if isinstance(axis, list) and len(axis) == 1 else axis) not in (-1, 3, 1):
            raise NotOurLayers
        epsilon = float(config.get("epsilon", _EPSILON))
        return _Normalized(config.get("scale", True) is True, config.get("center", True) is True, epsilon)
    axis, whole = config.get("axis", -1), config.get("scale", True) and config.get("center", True)
    if type(layer).__name__ == "LayerNormalization" and (axis not in (-1, [-1]) or not whole):
        raise NotOurLayers
    return lambda arrays: arrays


def activation_of(value: Any) -> Any:
    """An activation's name, however Keras wrote it."""
    if isinstance(value, Mapping):
        config = value.get("config")
        value = config if isinstance(config, str) else keras_name(value["class_name"])
    return "linear" if value is None else _OTHER_NAMES.get(value, value)


def _relu(config: Mapping[str, Any]) -> Layer:
    if config.get("max_value") is not None or config.get("threshold", 0) != 0:
        raise NotOurLayers
    slope = config.get("negative_slope", 0) or 0
    return LeakyReLU("", LeakyReLU.rules["negative_slope"].read(slope)) if slope else Activation("", "relu")


def _as_ours(kind: type[Layer], config: dict[str, Any]) -> Layer:
    """A layer with those of Keras's arguments that ours has; raises NotOurLayers for values that it cannot take."""
    if kind.__name__ == "LayerNormalization" and config.get("epsilon", _EPSILON) != _EPSILON:
        raise NotOurLayers
    given = {}
    for each in fields(kind):
        name = each.name
        # how the weights began and what training added to the loss make no difference now
        if name not in kind.rules or name not in config or name in ("kernel_initializer", "l1", "l2"):
            continue
        value = config[name]
        if name == "activation":
            value = activation_of(value)
            if value == "softmax":
                given[name] = value
                continue
        elif name == "rate":
            value = min(value, 0.9)
        elif name == "momentum":
            value = min(value, 0.9999)
        elif name == "strides" and value == config.get("pool_size"):
            # windows side by side
            value = None
        elif kind.__name__ in ("DepthwiseConv2D", "SeparableConv2D") and name in ("strides", "dilation_rate"):
            value = _same(value)
        elif kind.__name__ == "ZeroPadding2D":
            value = value if isinstance(value, int) else tuple(map(_same, value))
        try:
            given[name] = kind.rules[name].read(value)
        except (Advice, TypeError):
            raise NotOurLayers from None
    return kind("", **given)


def _same(value: Any) -> Any:
    """A number that stands for both directions; raises NotOurLayers where they differ."""
    if isinstance(value, int):
        return value
    first, second = value
    if first != second:
        raise NotOurLayers
    return first


@dataclass(frozen=True, slots=True)
class _Normalized:
    """Gamma, beta, mean and variance of a batch normalization that may lack the first two or have another epsilon."""

    scales: bool
    centers: bool
    epsilon: float

    def __call__(self, arrays: Arrays) -> Arrays:
        rest = list(arrays)
        gamma = rest.pop(0) if self.scales else None
        beta = rest.pop(0) if self.centers else None
        mean, variance = rest
        gamma = np.ones_like(mean) if gamma is None else gamma
        beta = np.zeros_like(mean) if beta is None else beta
        if self.epsilon != _EPSILON:
            gamma = gamma * np.sqrt((variance + _EPSILON) / (variance + self.epsilon))
        return [gamma, beta, mean, variance]
