"""What calls of the libraries around Keras mean, as far as it matters to a training."""

import ast
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays
from core.tutorials.data_calls import DataCalls
from core.tutorials.names import keras_path, tables
from core.tutorials.searches import SEARCHES
from core.tutorials.values import (
    Array,
    Function,
    Made,
    Namespace,
    Network,
    Parser,
    Partial,
    Symbol,
    Unknown,
)

_SAME = {
    *("array", "asarray", "float32", "float64", "cast", "convert_to_tensor", "constant", "copy", "ascontiguousarray"),
    *("asfarray", "Tensor", "Variable", "identity", "stack", "to_float", "DataFrame", "Series", "as_tensor"),
}
"""Functions of NumPy, pandas and TensorFlow that return their first argument's digits."""


_MOST_NUMBERS = 100
_LIBRARIES = {"numpy", "tensorflow", "keras", "pandas", "scipy", "sklearn"}
"""Libraries that are known, but whose results depend on inputs that are not."""


class Libraries(DataCalls):
    """NumPy, pandas, TensorFlow, scikit-learn and the standard library."""

    def call_library(self, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        within = keras_path(path)
        if within is not None:
            return self._keras(within, path, given, named, node)
        if path.partition(".")[0] in SEARCHES:
            return self._searched(path, given, named, node)
        name = path.rpartition(".")[2]
        first = given[0] if given else None
        if path.startswith("tensorflow.layers."):
            return self.unknown(node, Message("tutorials.tensorflow_1"))
        if name in _SAME and isinstance(first, Array | Unknown | Symbol | list | tuple | int | float):
            if isinstance(first, list) and first and all(isinstance(each, Array) for each in first):
                return arrays.stacked(first, named.get("axis", 0)) if name == "stack" else first[0]
            if isinstance(first, list) and (
                unread := next((each for each in first if isinstance(each, Unknown)), None)
            ):
                return unread
            return first
        if (data := self._data(path, given, named)) is not None:
            return data
        match name:
            case "init" if path == "wandb.init":
                config = named.get("config")
                self.tracked.values.update(config if isinstance(config, dict) else {})
                return Namespace({"config": self.tracked})
            case "reduce" if path == "functools.reduce" and len(given) > 1 and isinstance(given[1], list | tuple):
                return self._reduced(given[0], given[1], given[2:], node)
            case "arange" if path.startswith("numpy") and _counts(given, named):
                return list(range(*given))
            case _ if name.endswith("Optimizer") and ".train." in path:
                return Made(f"keras.optimizers.{name}", tuple(given), named, node.lineno)
            case "ArgumentParser":
                return Parser()
            case "exists" | "isfile" | "isdir" | "is_available":
                return self.unknown(node, Message("tutorials.machine"))
            case "join" if path.startswith("os.path") and all(isinstance(each, str) for each in given):
                return "/".join(given)
            case "getenv" | "get" if path.startswith("os."):
                return given[1] if len(given) > 1 else None
            case "partial" if path == "functools.partial" and given:
                return Partial(first, tuple(given[1:]), named)
            case "OrderedDict" | "defaultdict":
                return dict(first) if isinstance(first, dict) else {}
            case "ceil" | "floor" | "sqrt" | "prod" | "int32" | "int64" | "log2":
                return self._arithmetic(name, first, node)
            case "expand_dims" if isinstance(first, Array):
                axis = named.get("axis", given[1] if len(given) > 1 else -1)
                found = arrays.expanded(first, axis)
                self._mark_rotation(found.shape[1:], node)
                return found
            case "reshape" if isinstance(first, Array) and len(given) > 1:
                reshaped = arrays.reshape(first, given[1])
                if isinstance(reshaped, Array):
                    self._mark_rotation(reshaped.shape[1:], node.args[1])
                return reshaped
            case "where" | "isin" | "nonzero" | "flatnonzero" | "argwhere" | "logical_or" | "logical_and" if (
                isinstance(first, Unknown) and len(given) < 3
            ):
                return first
            case "isin" if isinstance(first, Array):
                return self.unknown(node, Message("tutorials.condition"))
            case "convert_image_dtype" if isinstance(first, Array) and first.scale == 1:
                # of whole numbers, as every data set here has them
                return arrays.scaled(first, "/", 255)
            case _ if path.startswith("tensorflow.") and name.endswith("_initializer"):
                return Made(f"keras.initializers.{name.removesuffix('_initializer')}", tuple(given), named, node.lineno)
            case "clip" if isinstance(first, Array):
                return first
            case "pad" if isinstance(first, Array):
                return arrays.padded(first, named.get("pad_width", given[1] if len(given) > 1 else None))
            case "transpose" | "squeeze" | "repeat" | "flip" | "fliplr" | "flipud" | "roll" | "rot90" if isinstance(
                first, Array
            ):
                found = arrays.method(first, name, given[1:], named)
                return self.unknown(node, Message("tutorials.not_constant")) if found is None else found
            case "grayscale_to_rgb" | "rgb_to_grayscale" if isinstance(first, Array):
                return replace(first, shape=(*first.shape[:-1], 3 if name.endswith("rgb") else 1))
            case "resize" | "resize_with_pad" if path.startswith("tensorflow.image") and isinstance(first, Array):
                return arrays.resized(first, named.get("size", given[1] if len(given) > 1 else None))
            case "concatenate" | "vstack" | "concat":
                return self._joined(first, named.get("axis", given[1] if len(given) > 1 else 0), node)
            case "max" | "amax" | "min" | "amin" | "unique" if isinstance(first, Array):
                found = arrays.method(first, name.removeprefix("a"), (), {})
                return self.unknown(node, Message("tutorials.not_constant")) if found is None else found
            case "SimpleNamespace" | "Namespace" if path.startswith(("types.", "argparse.")):
                return Namespace(dict(named))
            case "field" if path.startswith("dataclasses."):
                make = named.get("default_factory")
                return self.call(make, (), {}, node) if isinstance(make, Function) else named.get("default")
            case "divide" | "multiply" | "subtract" | "add" | "true_divide" if (
                isinstance(first, Array) and len(given) > 1
            ):
                sign = {"divide": "/", "true_divide": "/", "multiply": "*", "subtract": "-", "add": "+"}[name]
                return arrays.scaled(first, sign, given[1])
            case "eye" if path.startswith("numpy"):
                return Made(path, tuple(given), named, node.lineno)
            case "one_hot" | "get_dummies" if isinstance(first, Array):
                return arrays.one_hot(
                    first, named.get("depth", named.get("num_classes", given[1] if len(given) > 1 else None))
                )
            case "KerasClassifier" | "KerasRegressor":
                return self._wrapped(given, named, node)
            case "LabelBinarizer" | "OneHotEncoder" | "LabelEncoder" | "MinMaxScaler" | "StandardScaler":
                return Made(path, tuple(given), named, node.lineno)
            case "KFold" | "StratifiedKFold" | "ShuffleSplit" | "StratifiedShuffleSplit" if path.startswith("sklearn"):
                return Made(path, tuple(given), named, node.lineno)
            case "loads" | "literal_eval" if path in ("json.loads", "ast.literal_eval") and isinstance(first, str):
                return self._literal(first, node)
            case _ if isinstance(first, Symbol) and path.startswith("tensorflow.") and name in tables()["activations"]:
                return self._function_layer(name, path, first, node)
            case "GridSearchCV" | "RandomizedSearchCV" if path.startswith("sklearn"):
                return self._grid(given, named, node)
            case "cross_val_score" | "cross_validate" if isinstance(first, Network):
                self.notes.guess(Message("tutorials.folds"), node.lineno)
                self.call_method(first, "fit", given[1:3], {}, node)
                return self.unknown(node, Message("tutorials.result"))
            case _ if name.startswith("DEFINE_") and "flags" in path.split(".") and isinstance(first, str):
                self.flags[first] = named.get("default", given[1] if len(given) > 1 else None)
                return Namespace({"value": self.flags[first]})
            case "run" if path.endswith("app.run"):
                main = first if isinstance(first, Function) else self.scope.values.get("main")
                return self.call(main, [["script.py"]], {}, node) if isinstance(main, Function) else None
            case "exit" | "_exit" if path in ("sys.exit", "os._exit"):
                raise SystemExit
        outside = self.unknown(node, Message("tutorials.outside", name=path[:80]))
        if name in ("fit", "fit_generator"):
            # a network of another module
            self.fit_unknown(outside, given, named, node)
        known = path.partition(".")[0] in _LIBRARIES
        unread = next((each for each in given if known and isinstance(each, Unknown)), None)
        return unread or outside

    def _reduced(self, function: Any, items: Sequence[Any], start: Sequence[Any], node: ast.Call) -> Any:
        value, *rest = [*start, *items]
        for each in rest:
            value = self._called(function, [value, each], {}, node)
        return value

    def _literal(self, text: str, node: ast.AST) -> Any:
        """The value that a text of JSON or Python writes down."""
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                return self._bounded(read(text), node)
        return self.unknown(node, Message("tutorials.not_constant"))

    def _arithmetic(self, name: str, value: Any, node: ast.AST) -> Any:
        try:
            work = {"int32": int, "int64": int}.get(name) or getattr(math, name)
            return work(value)
        except (TypeError, ValueError, OverflowError):
            return self.unknown(node, Message("tutorials.not_constant"))

    def _joined(self, first: Any, axis: Any, node: ast.AST) -> Any:
        unread = [each for each in first if isinstance(each, Unknown)] if isinstance(first, list | tuple) else []
        if unread:
            return unread[0]
        if not isinstance(first, list | tuple) or not first or not all(isinstance(each, Array) for each in first):
            return self.unknown(node, Message("tutorials.not_constant"))
        if not isinstance(axis, int) or not -len(first[0].shape) <= axis < len(first[0].shape):
            return self.unknown(node, Message("tutorials.not_constant"))
        shape = list(first[0].shape)
        counts = [each.shape[axis] for each in first]
        shape[axis] = sum(counts) if None not in counts else None
        parts = {each.part for each in first}
        return replace(first[0], part="all" if len(parts) > 1 else first[0].part, shape=tuple(shape))


def _counts(given: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Whether these arguments of `arange` give few whole numbers, as for a loop."""
    whole = not named and 0 < len(given) <= 3 and all(type(each) is int for each in given)
    return whole and 0 not in given[2:] and len(range(*given)) <= _MOST_NUMBERS
