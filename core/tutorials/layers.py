"""A layer's arguments as Keras 3 holds them, from a call in any version's spelling."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials.names import constructor, keras_path, layer_name, meant, tables
from core.tutorials.values import Layer, Made, Reference, Unknown

_OLD = {
    "nb_filter": "filters",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "filter_length": "kernel_size",
    "pool_length": "pool_size",
    "stride": "strides",
    "atrous_rate": "dilation_rate",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "bias": "use_bias",
    "dim_ordering": "data_format",
    "p": "rate",
    "sigma": "stddev",
    "dims_order": "dims",
    "gamma_init": "gamma_initializer",
    "beta_init": "beta_initializer",
    "ratio": "rate",
}
"""Keras 1's names of arguments, to Keras 3's."""

OLD_POOL_SIZES: Mapping[str, int | tuple[int, int]] = {"AveragePooling1D": 2, "AveragePooling2D": (2, 2)}
"""What Keras took where a layer was given no pool size, which Keras 3 demands."""

_NOT_HELD = {
    "name",
    "trainable",
    "dtype",
    "weights",
    "input_length",
    "mode",
    "W_learning_rate",
    "autocast",
    "batch_size",
}
_SHAPES = ("input_shape", "batch_input_shape", "input_dim")
_RANKED = {"kernel_size", "pool_size", "strides", "dilation_rate", "size"}
_INTEGERS = {"filters", "units", "input_dim", "output_dim", "n"}
_PADDINGS = {"ZeroPadding2D", "Cropping2D", "ZeroPadding1D", "Cropping1D"}
_PADDING_WORDS = ("same", "valid", "causal")
_STRENGTHS = {"l1": "L1", "l2": "L2", "l1l2": "L1L2", "l1_l2": "L1L2", "L1L2": "L1L2", "L1": "L1", "L2": "L2"}
_STRENGTHS |= {"activity_l1": "L1", "activity_l2": "L2", "activity_l1l2": "L1L2"}
_ACTIVATIONS = {"swish": "silu", "hard_swish": "hard_silu"}


class Unfit(Exception):
    """A call that does not make a layer; holds the reason."""

    def __init__(self, why: Message) -> None:
        self.why = why


def old_name(kind: str, argument: str) -> str:
    """Keras 3's name of an argument of a layer, for one of an earlier version."""
    if argument == "output_dim" and kind != "Embedding":
        return "units"
    if argument == "alpha" and kind == "LeakyReLU":
        return "negative_slope"
    return _OLD.get(argument, argument)


def read_layer(
    name: str, given: Sequence[Any], named: Mapping[str, Any], line: int, *, rows_apart: bool
) -> tuple[Layer, list[Message]]:
    """The layer that a call makes, and what was guessed; raises Unfit.

    `rows_apart`: whether the script's version takes rows and columns of a kernel as two numbers.
    """
    kind = layer_name(name)
    table = constructor("layers", kind) if kind else None
    if (kind is None or table is None) and name in tables()["names"]["layers"]:
        raise Unfit(Message("tutorials.unfamiliar_layer", layer=name))
    if kind is None or table is None:
        raise Unfit(Message("tutorials.no_layer", name=name))
    guesses: list[Message] = []
    values = dict(zip(table, _positional(kind, given, rows_apart), strict=False))
    shape = None
    for key, value in named.items():
        if key in _SHAPES and not (key == "input_dim" and kind == "Embedding"):
            shape = _input_shape(key, value)
            continue
        new = old_name(kind, key)
        if key == "trainable" and value is False:
            guesses.append(Message("tutorials.frozen"))
        if key == "weights" and value is not None:
            guesses.append(Message("tutorials.given_weights"))
        if new in _NOT_HELD or key in ("nb_row", "nb_col"):
            continue
        if new not in table and (better := meant(new, table)):
            guesses.append(Message("tutorials.misspelt", name=key, meant=better))
            new = better
        if new not in table:
            raise Unfit(Message("tutorials.no_argument", layer=kind, name=key))
        values[new] = value
    if "nb_row" in named and "nb_col" in named:
        values["kernel_size"] = (named["nb_row"], named["nb_col"])
    for key, value in values.items():
        if isinstance(value, Unknown):
            raise Unfit(Message("tutorials.argument_unknown", name=key, why=value.why))
    if kind in OLD_POOL_SIZES:
        values.setdefault("pool_size", OLD_POOL_SIZES[kind])
    missing = [key for key, each in table.items() if "default" not in each and key not in values]
    if missing:
        raise Unfit(Message("tutorials.argument_missing", layer=kind, name=missing[0]))
    wrapped = values.get("layer")
    values = {key: _respelt(key, value, guesses) for key, value in values.items()}
    held = {
        key: hold(kind, key, values[key] if key in values else each["default"], values)
        for key, each in table.items()
        if each.get("held", True) or (key == "activity_regularizer" and values.get(key) is not None)
    }
    return Layer(kind, held, line, shape, wrapped if isinstance(wrapped, Layer) else None), guesses


def _respelt(key: str, value: Any, guesses: list[Message]) -> Any:
    """The word that a misspelt activation or padding means."""
    known = tables()["activations"] if key.endswith("activation") else _PADDING_WORDS if key == "padding" else ()
    if not known or not isinstance(value, str) or value in known or value.lower() in _PADDING_WORDS:
        return value
    better = meant(value, known)
    if better is None:
        return value
    guesses.append(Message("tutorials.misspelt", name=value, meant=better))
    return better


def _positional(kind: str, given: Sequence[Any], rows_apart: bool) -> Sequence[Any]:
    """The positional arguments in Keras 3's order: before Keras 2, a kernel's rows and columns were two."""
    convolves = kind in ("Conv2D", "SeparableConv2D", "Conv2DTranspose")
    if rows_apart and convolves and len(given) >= 3 and all(isinstance(each, int) for each in given[1:3]):
        return (given[0], (given[1], given[2]), *given[3:])
    return given


def hold(kind: str, key: str, value: Any, values: Mapping[str, Any]) -> Any:
    """An argument as Keras holds it after construction; raises Unfit."""
    if key in _RANKED:
        if key == "strides" and value is None and "pool_size" in tables()["layers"][kind]:
            value = values.get("pool_size", tables()["layers"][kind]["pool_size"].get("default"))
        return _ranked(kind, value, key)
    if key.endswith("activation"):
        return _activation(value)
    for ending in ("initializer", "regularizer", "constraint"):
        if key.endswith(ending):
            return _described(f"{ending}s", value)
    if key == "data_format":
        return "channels_last"
    if key == "padding" and kind not in _PADDINGS and isinstance(value, str):
        if value.lower() not in _PADDING_WORDS:
            raise Unfit(Message("tutorials.not_a_value", name=key, value=value))
        return value.lower()
    if key in ("padding", "cropping") and kind in _PADDINGS:
        return _sides(value, 2 if kind.endswith("2D") else 1)
    if key in _INTEGERS and isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Layer):
        return {"class": value.kind, **value.arguments}
    unread = (
        next((each for each in value if isinstance(each, Unknown)), None) if isinstance(value, tuple | list) else None
    )
    if unread is not None:
        raise Unfit(Message("tutorials.argument_unknown", name=key, why=unread.why))
    if isinstance(value, tuple):
        return [hold(kind, "", each, values) for each in value]
    if value is not None and not isinstance(value, bool | int | float | str | list | dict):
        raise Unfit(Message("tutorials.not_a_value", name=key, value=type(value).__name__.lower()))
    return value


def _ranked(kind: str, value: Any, key: str) -> Any:
    rank = 1 if kind.endswith("1D") else 3 if kind.endswith("3D") else 2
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return [value] * rank
    if isinstance(value, list | tuple) and len(value) == rank and all(isinstance(each, int) for each in value):
        return list(value)
    if kind.endswith("2D") and isinstance(value, list | tuple) and len(value) == 1 and isinstance(value[0], int):
        return list(value) * 2
    raise Unfit(Message("tutorials.not_a_value", name=key, value=str(value)[:40]))


def _sides(value: Any, rank: int) -> Any:
    """The padding of each side: one number for all, one for each direction, or two for each."""
    if isinstance(value, int):
        return [[value, value]] * rank if rank == 2 else [value, value]
    if isinstance(value, list | tuple) and len(value) == 2:
        if rank == 1:
            return list(value)
        return [[each, each] if isinstance(each, int) else list(each) for each in value]
    raise Unfit(Message("tutorials.not_a_value", name="padding", value=str(value)[:40]))


def _activation(value: Any) -> Any:
    if value is None:
        return "linear"
    if isinstance(value, Reference):
        value = value.path.rpartition(".")[2]
    if isinstance(value, Made) and (keras_path(value.path) or "").startswith("activations"):
        value = value.arguments[0] if value.arguments else value.name
    if isinstance(value, str):
        word = _ACTIVATIONS.get(value, value)
        if word in tables()["activations"]:
            return word
        raise Unfit(Message("tutorials.no_activation", name=value))
    if isinstance(value, Layer):
        return {"class": value.kind, **value.arguments}
    raise Unfit(Message("tutorials.own_activation"))


def _described(kind: str, value: Any) -> Any:
    """An initializer, regularizer or constraint as Keras writes it in a layer's config."""
    if value is None:
        return None
    arguments: Sequence[Any] = ()
    named: Mapping[str, Any] = {}
    if isinstance(value, Made):
        name, arguments, named = value.name, value.arguments, value.named
    elif isinstance(value, Reference):
        name = value.path.rpartition(".")[2]
    else:
        name = value
    if isinstance(name, dict) and "class_name" in name:
        name, named = name["class_name"], name.get("config") or {}
    if not isinstance(name, str):
        raise Unfit(Message("tutorials.not_a_value", name=kind, value=type(value).__name__.lower()))
    kinds = tables()[kind]
    name = _STRENGTHS.get(name, name) if kind == "regularizers" else name
    found = name if name in kinds else _snake_names(kind).get(name.lower()) or meant(name, kinds)
    if found is None:
        raise Unfit(Message("tutorials.not_a_value", name=kind, value=name))
    table = kinds[found]
    old = {"l": found.lower(), "m": "max_value", "scale": "gain" if found in ("Orthogonal", "Identity") else "scale"}
    values = dict(zip(table, arguments, strict=False)) | {old.get(key, key): each for key, each in named.items()}
    if found == "L1L2" and isinstance(value, Made) and value.name in ("l1_l2", "l1l2", "activity_l1l2"):
        # the function's defaults, not the class's
        values = {"l1": 0.01, "l2": 0.01} | values
    if any(isinstance(each, Unknown) for each in values.values()):
        raise Unfit(Message("tutorials.argument_unknown", name=kind, why=Message("tutorials.not_constant")))
    config = {key: values.get(key, each.get("default")) for key, each in table.items() if each.get("held", True)}
    return {"module": f"keras.{kind}", "class_name": found, "config": config, "registered_name": None}


def _snake_names(kind: str) -> dict[str, str]:
    """The class of each name in small letters, with the aliases that Keras has."""
    names = {name.lower(): name for name in tables()[kind]}
    snake = {"".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_"): name for name in tables()[kind]}
    extra = {"initializers": {"normal": "RandomNormal", "uniform": "RandomUniform", "zero": "Zeros", "one": "Ones"}}
    older = {"constraints": {"maxnorm": "MaxNorm", "nonneg": "NonNeg", "unitnorm": "UnitNorm"}}
    return names | snake | extra.get(kind, {}) | older.get(kind, {})


def _input_shape(key: str, value: Any) -> Any:
    """The shape of one input, without the batch."""
    if key == "input_dim":
        return (value,)
    if isinstance(value, int):
        return (value,)
    if isinstance(value, list | tuple):
        return tuple(value)[1:] if key == "batch_input_shape" else tuple(value)
    return value
