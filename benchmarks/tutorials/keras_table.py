"""Writes the table of Keras 3's constructors from the installed Keras: `python -m benchmarks.tutorials.keras_table`.

`core.tutorials` reads scripts with it, without Keras. A new release of Keras makes a new table.
"""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.places import ROOT

TABLE = ROOT / "core" / "tutorials" / "keras_3.json"
_LAYERS = (
    *("Activation", "ActivityRegularization", "AlphaDropout", "AveragePooling1D", "AveragePooling2D"),
    *("BatchNormalization", "Bidirectional", "Conv1D", "Conv2D", "Conv2DTranspose", "Cropping2D", "Dense"),
    *("DepthwiseConv2D", "Dropout", "ELU", "Embedding", "Flatten", "GRU", "GaussianDropout", "GaussianNoise"),
    *("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D"),
    *("GroupNormalization", "LSTM", "LayerNormalization", "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D"),
    *("PReLU", "Permute", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"),
    *("ReLU", "RepeatVector", "Rescaling", "Reshape", "Resizing", "SeparableConv1D", "SeparableConv2D", "SimpleRNN"),
    *("Softmax", "SpatialDropout1D", "SpatialDropout2D", "TimeDistributed", "UnitNormalization", "UpSampling2D"),
    *("ZeroPadding2D",),
)
_EXAMPLES: Mapping[str, Any] = {
    **{"filters": 2, "units": 2, "kernel_size": 2, "pool_size": 2, "rate": 0.1, "stddev": 0.1, "input_dim": 2},
    **{"output_dim": 2, "activation": "relu", "target_shape": (1,), "dims": (1,), "n": 2, "scale": 2, "factor": 0.1},
    **{"height": 2, "width": 2, "height_factor": 0.1, "width_factor": 0.1, "mode": "horizontal"},
}
_MODULES = ("layers", "models", "optimizers", "callbacks", "losses", "metrics", "utils", "initializers", "regularizers",
            "constraints")  # fmt: skip
_FUNCTIONS = ("load_model", "to_categorical", "plot_model", "l1", "l2", "l1_l2")
_SHARED = {"name", "trainable", "dtype"}


def keras_table() -> dict[str, Any]:
    """The constructors by kind and class: each parameter with its default, and whether `get_config` has it."""
    import keras

    def of(module: Any, bases: tuple[type, ...]) -> dict[str, Any]:
        found = {name: each for name, each in vars(module).items() if inspect.isclass(each) and each not in bases}
        return {each.__name__: _parameters(each) for each in found.values() if issubclass(each, bases)}

    activations = sorted(name for name, each in vars(keras.activations).items() if inspect.isfunction(each))
    return {
        "layers": {name: _parameters(getattr(keras.layers, name)) for name in _LAYERS},
        "optimizers": of(keras.optimizers, (keras.optimizers.Optimizer,)),
        "initializers": of(keras.initializers, (keras.initializers.Initializer,)),
        "regularizers": of(keras.regularizers, (keras.regularizers.Regularizer,)),
        "constraints": of(keras.constraints, (keras.constraints.Constraint,)),
        "names": {
            module: [name for name in dir(getattr(keras, module)) if name[:1].isupper() or name in _FUNCTIONS]
            for module in _MODULES
        },
        "activations": [name for name in activations if name not in ("deserialize", "get", "serialize")],
    }


def _parameters(kind: type) -> dict[str, Any]:
    signature = inspect.signature(kind.__init__).parameters.values()  # type: ignore[misc]  # of a class, as meant
    chosen = [each for each in signature if each.name != "self" and each.kind is each.POSITIONAL_OR_KEYWORD]
    needed = {each.name: _EXAMPLES.get(each.name) for each in chosen if each.default is each.empty}
    if "layer" in needed:
        import keras

        needed["layer"] = keras.layers.LSTM(2)
    try:
        held = set(kind(**needed).get_config())
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        held = {each.name for each in chosen}
    table: dict[str, Any] = {}
    for each in chosen:
        if each.name in _SHARED:
            continue
        row: dict[str, Any] = {}
        if each.default is not each.empty:
            row["default"] = list(each.default) if isinstance(each.default, tuple) else each.default
        if each.name not in held:
            row["held"] = False
        table[each.name] = row
    return table


if __name__ == "__main__":
    Path(TABLE).write_text(json.dumps(keras_table(), indent=1) + "\n", encoding="utf-8")
