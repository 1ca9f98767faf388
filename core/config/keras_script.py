"""A run as a Keras script that a person can read, run and change without Digit Lab."""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.config.augmentation import AUGMENTATIONS
from core.config.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten, Layer, Pooling
from core.config.network import CLASSES
from core.config.run import DATASET_SIZES, VALIDATION_SHARE, RunConfig
from core.config.schedule import PLATEAU_PATIENCE

_DISTORTION = Path(__file__).parents[1] / "training" / "augmentation.py"
_OPTIMIZERS = {"rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}
_WIDTH = 88


def keras_code(config: RunConfig) -> str:
    """The complete script of a run: data, network, training and test.

    Formatted as `ruff format` does; `build_model()` works without the rest.
    """
    return _template().render(_values(config))


def keras_sections(config: RunConfig) -> dict[str, str]:
    """The script in parts, for a notebook that also draws: settings, data, network, training, evaluation."""
    template = _template()
    context = template.new_context(_values(config) | {"draws": True})
    return {name: "".join(block(context)).strip() for name, block in template.blocks.items()}


def _values(config: RunConfig) -> dict[str, Any]:
    """What the template fills in."""
    training, test = DATASET_SIZES[config.dataset]
    amounts = AUGMENTATIONS.get(config.augmentation)
    return {
        "config": config,
        "draws": False,
        "augmented": config.augmentation != "off",
        # by the callback that averages, when early stopping ends the training
        "stays_swapped": config.weight_averaging and config.early_stopping != "off" and config.validation == "none",
        "training": training,
        "test": test,
        "classes": CLASSES,
        "amounts": asdict(amounts) if amounts else {},
        "layers": [_layer(layer, config) for layer in config.network.layers()],
        "optimizer": _optimizer(config),
        "validation_share": VALIDATION_SHARE,
        "plateau_patience": PLATEAU_PATIENCE,
    }


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # the worker's own function, so that the script augments exactly as the run did
    text = _DISTORTION.read_text(encoding="utf-8")
    environment.globals["distort"] = text[text.index("def distort(") :].rstrip()
    return environment.get_template("keras_script.py.jinja")


def _layer(layer: Layer, config: RunConfig) -> str:
    match layer:
        case Conv2D(name, filters, size, padding, activation):
            return _layer_call("Conv2D", filters, size, padding=padding, activation=activation, name=name)
        case Pooling(name, kind, padding):
            pooling = "MaxPooling2D" if kind == "max" else "AveragePooling2D"
            return _layer_call(pooling, 2, padding=padding, name=name)
        case Dense(name, units, activation):
            # probabilities need more precision than the eight bits of bfloat16
            float32 = {"dtype": "float32"} if activation == "softmax" and config.precision == "bfloat16" else {}
            return _layer_call("Dense", units, activation=activation, **float32, name=name)
        case Activation(name, activation):
            return _layer_call("Activation", f'"{activation}"', name=name)
        case Dropout(name, rate):
            return _layer_call("Dropout", rate, name=name)
        case BatchNormalization(name, momentum):
            return _layer_call("BatchNormalization", f"momentum={momentum}", name=name)
        case Flatten(name):
            return _layer_call("Flatten", name=name)


def _layer_call(kind: str, *values: str | float, **named: str) -> str:
    """A layer's code, without arguments that equal Keras's defaults."""
    defaults = {"activation": "linear", "padding": "valid"}
    given = [f'{key}="{text}"' for key, text in named.items() if defaults.get(key) != text]
    return _call(f"layers.{kind}", [*map(str, values), *given], indent=12)


def _optimizer(config: RunConfig) -> str:
    arguments = ["learning_rate=LEARNING_RATE"]
    if config.optimizer == "sgd":
        arguments.append(f"momentum={config.momentum}")
    if config.optimizer == "adamw":
        arguments.append(f"weight_decay={config.weight_decay}")
    if config.weight_averaging:
        arguments += ["use_ema=True", f"ema_momentum={config.averaging_decay}"]
    return _call(f"optimizer=keras.optimizers.{_OPTIMIZERS[config.optimizer]}", arguments, indent=4)


def _call(function: str, arguments: list[str], *, indent: int) -> str:
    """A call as `ruff format` lays it out: on one line, else all arguments on one line, else one argument per line."""
    inside = ", ".join(arguments)
    if indent + len(f"{function}({inside}),") <= _WIDTH:
        return f"{function}({inside})"
    margin = " " * (indent + 4)
    if len(margin + inside) > _WIDTH:
        inside = f",\n{margin}".join(arguments) + ","
    return f"{function}(\n{margin}{inside}\n{' ' * indent})"
