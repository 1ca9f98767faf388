"""A run as a Keras script that a person can read, run and change without Digit Lab."""

from dataclasses import MISSING, asdict, fields
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.config.augmentation import AUGMENTATIONS
from core.config.datasets import BUILT_IN
from core.config.layer import Layer, Penalty
from core.config.run import VALIDATION_SHARE, RunConfig
from core.config.schedule import PLATEAU_PATIENCE
from core.text import say

_DISTORTION = Path(__file__).parents[1] / "training" / "augmentation.py"
_OPTIMIZERS = {
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "sgd": "SGD",
}
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
    amounts = AUGMENTATIONS.get(config.augmentation)
    return {
        "config": config,
        "draws": False,
        "augmented": config.augmentation != "off",
        # by the callback that averages, when early stopping ends the training
        "stays_swapped": config.weight_averaging and config.early_stopping != "off" and config.validation == "none",
        "training": config.data.training,
        "test": config.data.test,
        "classes": len(config.data.classes),
        "export": export_command(config.dataset),
        "amounts": asdict(amounts) if amounts else {},
        "layers": [_layer(layer, config) for layer in config.all_layers],
        "image_shape": config.data.shape,
        "loss": _loss(config),
        # sparse cross-entropy alone takes a label as a number
        "y": "y" if config.loss == "sparse_categorical_crossentropy" else "t",
        "one_hot": config.loss != "sparse_categorical_crossentropy",
        "optimizer": _optimizer(config),
        "validation_share": VALIDATION_SHARE,
        "plateau_patience": PLATEAU_PATIENCE,
    }


def export_command(dataset: str) -> str:
    """The command that writes a data set to one file, for a script that cannot download it."""
    if dataset in BUILT_IN:
        return f"python -m core.data {dataset} --npz {dataset}.npz"
    return f"python -m core.data export {dataset} {dataset}.npz"


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
    environment.globals |= {"say": _say, "comment": _comment}
    environment.globals["distort"] = text[text.index("def distort(") :].rstrip()
    return environment.get_template("keras_script.py.jinja")


def _say(name: str, **values: Any) -> str:
    return say(f"keras_script.{name}", **values)


def _comment(name: str, **values: Any) -> str:
    """A comment, of as many lines as its text has."""
    return "\n".join(f"# {line}" for line in _say(name, **values).splitlines())


def _layer(layer: Layer, config: RunConfig) -> str:
    """A layer's code: arguments without a default by their value alone, and only those that differ from Keras's."""
    values = dict(layer.keras_arguments)
    alone = [field.name for field in fields(layer) if field.default is MISSING and field.name in values]
    given = [_literal(values.pop(name)) for name in alone]
    # the defaults are Keras's, but for this one
    defaults = {field.name: field.default for field in fields(layer) if field.name != "momentum"}
    defaults |= {name: "glorot_uniform" for name in values if name.endswith("_initializer")}
    given += [f"{name}={_literal(value)}" for name, value in values.items() if value != defaults.get(name, MISSING)]
    if layer.name == "output" and config.precision == "bfloat16":
        # probabilities need more precision than the eight bits of bfloat16
        given.append('dtype="float32"')
    return _call(f"layers.{type(layer).__name__}", [*given, f'name="{layer.name}"'], indent=12)


def _literal(value: Any) -> str:
    """A value as code; a square is one number."""
    match value:
        case Penalty(l1, 0):
            return f"keras.regularizers.L1({l1})"
        case Penalty(0, l2):
            return f"keras.regularizers.L2({l2})"
        case Penalty(l1, l2):
            return f"keras.regularizers.L1L2(l1={l1}, l2={l2})"
        case str():
            return f'"{value}"'
        case (height, width) if height == width:
            return str(height)
        case _:
            return str(value)


def _loss(config: RunConfig) -> str:
    if config.loss == "categorical_crossentropy" and config.label_smoothing:
        return f"keras.losses.CategoricalCrossentropy(label_smoothing={config.label_smoothing})"
    return f'"{config.loss}"'


def _optimizer(config: RunConfig) -> str:
    arguments = ["learning_rate=LEARNING_RATE"]
    if config.optimizer == "sgd":
        arguments.append(f"momentum={config.momentum}")
    if config.optimizer == "adamw":
        arguments.append(f"weight_decay={config.weight_decay}")
    if config.clipping != "off":
        arguments.append(f"clip{config.clipping}={config.clip_at}")
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
