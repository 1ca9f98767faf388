"""What calls of Keras and of the libraries around it mean, as far as it matters to a training."""

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.text import Message
from core.tutorials import arrays
from core.tutorials.evaluator import Evaluator
from core.tutorials.layers import Unfit, read_layer
from core.tutorials.names import DATASETS, keras_path, known_names, layer_name, meant, tables
from core.tutorials.notes import Notes
from core.tutorials.values import (
    Array,
    Batches,
    Class,
    Compiled,
    Function,
    Instance,
    Layer,
    Made,
    Method,
    Namespace,
    Network,
    Parser,
    Partial,
    Reference,
    Symbol,
    Unknown,
)
from core.tutorials.versions import Version

_SAME = {
    *("array", "asarray", "float32", "float64", "cast", "convert_to_tensor", "constant", "copy", "ascontiguousarray"),
    *("asfarray", "Tensor", "Variable", "identity", "stack", "to_float", "DataFrame", "Series", "as_tensor"),
}
"""Functions of NumPy, pandas and TensorFlow that return their first argument's digits."""
_FITS = {"fit": "fit", "fit_generator": "fit", "fit_on_batch": "fit"}
_FIT_ORDER = ("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data")
_GENERATOR_ORDER = ("x", "steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data")
_FIT_OLD = {"nb_epoch": "epochs", "samples_per_epoch": "steps_per_epoch", "generator": "x"}
_MERGES = {"Add", "Concatenate", "Average", "Multiply", "Maximum", "Minimum", "Subtract", "Dot"}
_MERGES |= {each.lower() for each in _MERGES} | {"merge"}
_METHODS = {
    *("add", "compile", "fit", "fit_generator", "evaluate", "predict", "predict_classes", "summary", "save"),
    *("save_weights", "load_weights", "to_json", "build", "get_weights", "set_weights", "train_on_batch", "pop"),
    *("get_layer", "evaluate_generator", "predict_generator", "predict_proba", "count_params", "get_config"),
}


@dataclass(frozen=True, slots=True)
class Training:
    """A call of `fit`: the network as it then was, and the arguments by Keras 3's names."""

    network: Network
    layers: tuple[Any, ...]
    compiled: Compiled | None
    arguments: Mapping[str, Any]
    line: int
    stands_alone: bool = True
    """Whether there is a call of `fit`; without one, the arguments are empty."""


class Libraries(Evaluator):
    """Expressions of Keras, NumPy, pandas, TensorFlow, scikit-learn and the standard library."""

    def __init__(self, notes: Notes, version: Version) -> None:
        super().__init__(notes)
        self.version = version
        self.data_format = "channels_last"
        self.networks: list[Network] = []
        self.trainings: list[Training] = []
        self.files: dict[str, str] = {}
        """Each file that the script saves: `weights`, a `model` or a `checkpoint`."""
        self.metrics: set[str] = set()
        self.missing_labels: dict[str, tuple[int, bool]] = {}
        """Labels that are never defined: the line that uses them, and whether as one-hot vectors."""

    def call_library(self, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        within = keras_path(path)
        if within is not None:
            return self._keras(within, path, given, named, node)
        name = path.rpartition(".")[2]
        first = given[0] if given else None
        if path.startswith("tensorflow.layers."):
            return self.unknown(node, Message("tutorials.tensorflow_1"))
        if name in _SAME and isinstance(first, Array | Unknown | Symbol | list | tuple | int | float):
            if isinstance(first, list) and first and all(isinstance(each, Array) for each in first):
                return first[0]
            return first
        match name:
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
            case "concatenate" | "vstack" | "concat":
                return self._joined(first, node)
            case "max" | "amax" | "min" | "amin" if isinstance(first, Array):
                return arrays.method(first, name.removeprefix("a"), (), {})
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
            case "read_csv" | "loadtxt" | "genfromtxt" | "read_table":
                return arrays.table(first if first is not None else named.get("filepath_or_buffer", ""))
            case "train_test_split":
                return self._split(given, named)
            case "shuffle" if path.startswith("sklearn"):
                return given[0] if len(given) == 1 else tuple(given)
            case "fetch_openml" | "fetch_mldata":
                word = str(first or named.get("name", "mnist")).lower()
                whole = arrays.all_at_once("fashion_mnist" if "fashion" in word else "mnist")
                return (whole.values["data"], whole.values["target"]) if named.get("return_X_y") else whole
            case "read_data_sets":
                return arrays.tensorflow_1(named.get("one_hot", given[1] if len(given) > 1 else False))
            case "from_tensor_slices":
                pair = first if isinstance(first, tuple | list) and len(first) == 2 else (first, None)
                return Batches(*pair)
            case "load" if path.startswith("tensorflow_datasets"):
                return self._tensorflow_datasets(first, given, named)
            case "KerasClassifier" | "KerasRegressor":
                return self._wrapped(given, named, node)
            case "LabelBinarizer" | "OneHotEncoder" | "LabelEncoder" | "MinMaxScaler" | "StandardScaler":
                return Made(path, tuple(given), named, node.lineno)
            case "load" if path.startswith("numpy"):
                return self._saved_arrays(first)
            case "exit" | "_exit" if path in ("sys.exit", "os._exit"):
                raise SystemExit
        return self.unknown(node, Message("tutorials.outside", name=path[:80]))

    def _arithmetic(self, name: str, value: Any, node: ast.AST) -> Any:
        try:
            work = {"int32": int, "int64": int}.get(name) or getattr(math, name)
            return work(value)
        except (TypeError, ValueError, OverflowError):
            return self.unknown(node, Message("tutorials.not_constant"))

    def _joined(self, first: Any, node: ast.AST) -> Any:
        if not isinstance(first, list | tuple) or not first or not all(isinstance(each, Array) for each in first):
            return self.unknown(node, Message("tutorials.not_constant"))
        counts = [each.shape[0] for each in first]
        total = sum(counts) if None not in counts else None
        parts = {each.part for each in first}
        return replace(first[0], part="all" if len(parts) > 1 else first[0].part, shape=(total, *first[0].shape[1:]))

    def _split(self, given: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        share = named.get("test_size", 0.25)
        if "train_size" in named and "test_size" not in named and isinstance(named["train_size"], float):
            share = 1 - named["train_size"]
        return [part for each in given for part in arrays.split(each, share)]

    def _tensorflow_datasets(self, name: Any, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
        found = arrays.loaded(str(name)) if isinstance(name, str) else None
        if found is None:
            return Unknown(Message("tutorials.other_data", name=str(name)[:40]), 0)
        parts = {}
        for key, (images, labels) in zip(("train", "test"), found, strict=True):
            shape = images.shape if len(images.shape) == 4 else (*images.shape, 1)
            parts[key] = Batches(replace(images, shape=shape), labels)
        wanted = named.get("split", given[1] if len(given) > 1 else None)
        value: Any
        if isinstance(wanted, list | tuple):
            value = [parts.get(str(each).partition("[")[0], parts["train"]) for each in wanted]
        else:
            value = parts.get(wanted, parts) if isinstance(wanted, str) else parts
        return (value, Namespace({})) if named.get("with_info") else value

    def _saved_arrays(self, path: Any) -> Any:
        found = arrays.loaded("mnist") if "mnist" in str(path).lower() else None
        if found is None:
            return Unknown(Message("tutorials.other_data", name=str(path)[:40]), 0)
        (x, y), (x_test, y_test) = found
        return {"x_train": x, "y_train": y, "x_test": x_test, "y_test": y_test}

    def _wrapped(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        build = named.get("build_fn", named.get("model", given[0] if given else None))
        own = {key.removeprefix("fit__"): value for key, value in named.items() if key not in ("build_fn", "model")}
        if not isinstance(build, Function) or isinstance(build.node, ast.Lambda):
            return self.unknown(node, Message("tutorials.not_constant"))
        takes = {each.arg for each in build.node.args.args}
        network = self.call(build, (), {key: value for key, value in own.items() if key in takes}, node)
        if isinstance(network, Network):
            network.defaults = {_FIT_OLD.get(key, key): value for key, value in own.items() if key not in takes}
        return network

    def _keras(self, within: str, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        name = within.rpartition(".")[2]
        first = given[0] if given else None
        if name == "load_data":
            dataset = next((part for part in within.split(".") if part in DATASETS), "")
            found = arrays.loaded(dataset)
            return (
                found
                if found is not None
                else self.unknown(node, Message("tutorials.other_data", name=dataset or path))
            )
        if within.startswith("backend"):
            return self._backend(name, first, node)
        if name in ("Input", "InputLayer"):
            shape = named.get("shape", named.get("input_shape", first))
            if "batch_shape" in named:
                shape = tuple(named["batch_shape"] or ())[1:]
            return Symbol(
                (), (shape,) if isinstance(shape, int) else tuple(shape) if isinstance(shape, list) else shape
            )
        if name == "Sequential":
            return self._sequential(given, named, node)
        if name in ("Model", "Functional"):
            return self._functional(given, named, node)
        if name in ("to_categorical", "one_hot") and isinstance(first, Array):
            count = named.get("num_classes", named.get("nb_classes", given[1] if len(given) > 1 else None))
            return arrays.one_hot(first, count)
        if name == "to_categorical" and isinstance(first, Unknown):
            return first
        if name == "normalize" and isinstance(first, Array):
            return replace(first, scale=None, offset=None)
        if name in ("expand_dims", "reshape", "cast", "concatenate", "convert_to_tensor", "squeeze") and isinstance(
            first, Array | list | tuple
        ):
            return self.call_library(f"numpy.{name}", given, named, node)
        if name in ("load_model", "model_from_json", "model_from_yaml", "model_from_config"):
            return self.unknown(node, Message("tutorials.loaded_model"))
        if "applications" in within:
            return self.unknown(node, Message("tutorials.pretrained", name=name))
        if "wrappers.scikit_learn" in within:
            return self._wrapped(given, named, node)
        if name in _MERGES and ("layers" in within or name in ("Add", "Concatenate")):
            tensors = first if isinstance(first, list) else named.get("inputs")
            if isinstance(tensors, list):
                return self._merged(tensors)
            return Made(f"keras.layers.{name}", tuple(given), named, node.lineno)
        group = within.partition(".")[0]
        if group in ("optimizers", "losses", "initializers", "regularizers", "constraints", "callbacks", "metrics"):
            if name == "ModelCheckpoint":
                only = named.get("save_weights_only", given[4] if len(given) > 4 else False)
                self._saves(named.get("filepath", first), "weights" if only is True else "checkpoint")
            return Made(f"keras.{group}.{self._spelt(group, name, node)}", tuple(given), named, node.lineno)
        if name == "ImageDataGenerator":
            return Made("keras.ImageDataGenerator", tuple(given), named, node.lineno)
        if name in ("deserialize", "get") or group == "utils":
            return self.unknown(node, Message("tutorials.outside", name=path[:80]))
        if group == "activations" and isinstance(first, Symbol):
            return Symbol(first.layers, None, branches=True)
        return self._layer(name, given, named, node)

    def _saves(self, name: Any, holds: str) -> None:
        if isinstance(name, str):
            self.files[name] = holds

    def _spelt(self, group: str, name: str, node: ast.AST) -> str:
        """The name of an optimizer as Keras 3 has it; older scripts write some in small letters."""
        kinds = tables().get(group, {})
        if group != "optimizers" or name in kinds or name in ("get", "schedules"):
            return name
        better = meant(name, kinds)
        if better and better.lower() != name.lower() and "schedule" not in name.lower() and not name.endswith("Decay"):
            self.notes.guess(Message("tutorials.misspelt", name=name, meant=better), getattr(node, "lineno", 0))
            return better
        return better if better and better.lower() == name.lower() else name

    def _layer(self, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        line = getattr(node, "lineno", 0)
        if layer_name(name) is None:
            better = meant(name, known_names()) if name[:1].isupper() else None
            if better and better != name and layer_name(better):
                self.notes.guess(Message("tutorials.misspelt", name=name, meant=better), line)
                name = better
            elif not name[:1].isupper():
                return self.unknown(node, Message("tutorials.outside", name=name))
        apart = name.startswith("Convolution") or self.version.rows_apart
        try:
            layer, guesses = read_layer(name, given, named, line, rows_apart=apart)
        except Unfit as unfit:
            return self.unknown(node, unfit.why)
        for each in guesses:
            self.notes.guess(each, line)
        if layer.input_shape is not None and not isinstance(layer.input_shape, tuple):
            self.notes.unread(Message("tutorials.shape_unknown"), line)
        return layer

    def _backend(self, name: str, first: Any, node: ast.AST) -> Any:
        match name:
            case "image_data_format":
                return self.data_format
            case "image_dim_ordering":
                return "th" if self.data_format == "channels_first" else "tf"
            case "set_image_dim_ordering" | "set_image_data_format":
                self.data_format = "channels_first" if first in ("th", "channels_first") else "channels_last"
                return None
            case "backend" | "_backend":
                return "tensorflow"
            case "common":
                return Reference("keras.backend")
        return self.unknown(node, Message("tutorials.outside", name=f"keras.backend.{name}"))

    def _sequential(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Network:
        network = Network(node.lineno)
        self.networks.append(network)
        layers = given[0] if given else named.get("layers")
        if isinstance(layers, Unknown):
            network.problem = layers
        for layer in layers if isinstance(layers, list | tuple) else []:
            self._add(network, layer, node)
        return network

    def _add(self, network: Network, layer: Any, node: ast.AST) -> None:
        match layer:
            case Unknown():
                network.problem = network.problem or layer
            case Symbol((), shape):
                network.input_shape = shape
            case Layer() | Network():
                if not network.layers and isinstance(layer, Layer) and layer.input_shape is not None:
                    network.input_shape = layer.input_shape
                network.layers.append(layer)
            case Instance(kind=kind):
                network.problem = self.unknown(node, Message("tutorials.own_layer", name=kind.name))
            case Class(name=name):
                network.problem = self.unknown(node, Message("tutorials.own_layer", name=name))
            case Made(path) if layer_name(path.rpartition(".")[2]) is None:
                network.problem = self.unknown(node, Message("tutorials.own_layer", name=path.rpartition(".")[2]))
            case _:
                network.problem = self.unknown(node, Message("tutorials.no_such_layer"))

    def _functional(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Network:
        network = Network(node.lineno)
        self.networks.append(network)
        start = named.get("inputs", named.get("input", given[0] if given else None))
        end = named.get("outputs", named.get("output", given[1] if len(given) > 1 else None))
        several = [each for each in (start, end) if isinstance(each, list | tuple) and len(each) > 1]
        start, end = (each[0] if isinstance(each, list | tuple) and each else each for each in (start, end))
        if several:
            network.problem = self.unknown(node, Message("tutorials.several_inputs"))
        elif isinstance(end, Unknown):
            network.problem = end
        elif not isinstance(end, Symbol) or not isinstance(start, Symbol):
            network.problem = self.unknown(node, Message("tutorials.not_constant"))
        elif end.branches:
            network.problem = self.unknown(node, Message("tutorials.branches"))
        else:
            skipped = len(start.layers) if end.layers[: len(start.layers)] == start.layers else 0
            network.layers = list(end.layers[skipped:])
            network.input_shape = start.shape
        return network

    def _merged(self, tensors: Sequence[Any]) -> Any:
        for each in tensors:
            if isinstance(each, Unknown):
                return each
        found = [each for each in tensors if isinstance(each, Symbol)]
        return Symbol(found[0].layers if found else (), None, branches=True)

    def apply(self, layer: Any, to: Any, node: ast.AST) -> Any:
        if isinstance(to, Unknown):
            return to
        if isinstance(to, list):
            return self._merged(to)
        if not isinstance(to, Symbol) or isinstance(layer, Made):
            return self.unknown(node, Message("tutorials.not_constant"))
        return Symbol((*to.layers, layer), to.shape, to.branches)

    def call_method(self, owner: Any, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        if isinstance(owner, Instance):
            return self._network_method(self._subclassed(owner, name, given, named, node), name, given, named, node)
        match owner:
            case Network():
                return self._network_method(owner, name, given, named, node)
            case Batches():
                return self._batches_method(owner, name, given, named, node)
            case Parser(options):
                return self._parser_method(options, name, given, named)
            case Made(path) if path.startswith("keras.layers."):
                return self._merged(given[0]) if given and isinstance(given[0], list) else self.unknown(
                    node, Message("tutorials.not_constant"))  # fmt: skip
            case Made("keras.ImageDataGenerator", named=settings) if name == "flow":
                return self._flow(settings, given, named)
            case Made("keras.ImageDataGenerator") if name == "fit":
                return None
            case Made() if name in ("fit_transform", "transform") and given and isinstance(given[0], Array):
                return self._transformed(owner, given[0])
            case Made() if name == "fit":
                return owner
            case Namespace(values) if name == "next_batch":
                return values.get("images"), values.get("labels")
        return self.unknown(node, Message("tutorials.outside", name=name))

    def _transformed(self, owner: Made, array: Array) -> Array:
        if owner.name in ("LabelBinarizer", "OneHotEncoder"):
            return arrays.one_hot(array, None)
        if owner.name == "MinMaxScaler" and array.scale == 1 and array.offset == 0:
            return replace(array, scale=1 / 255)
        return array if owner.name == "LabelEncoder" else replace(array, scale=None, offset=None)

    def _flow(self, settings: Mapping[str, Any], given: Sequence[Any], named: Mapping[str, Any]) -> Batches:
        images = named.get("x", given[0] if given else None)
        labels = named.get("y", given[1] if len(given) > 1 else None)
        size = named.get("batch_size", given[2] if len(given) > 2 else 32)
        if isinstance(images, Array) and isinstance(settings.get("rescale"), int | float):
            images = arrays.scaled(images, "*", settings["rescale"])
        return Batches(images, labels, size, augmented=bool(settings.keys() - {"rescale", "data_format", "dtype"}))

    def _batches_method(
        self, owner: Batches, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST
    ) -> Any:
        match name:
            case "batch":
                return replace(owner, batch_size=named.get("batch_size", given[0] if given else None))
            case "map" if given:
                function = given[0]
                pair = (owner.images, owner.labels)
                found = None
                if isinstance(function, Function):
                    found = self.call(function, pair, {}, node)
                if isinstance(found, tuple) and len(found) == 2:
                    return replace(owner, images=found[0], labels=found[1])
                return replace(owner, images=_unscaled(owner.images))
        return owner

    def _parser_method(self, options: dict[str, Any], name: str, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
        match name:
            case "add_argument":
                flags = [each for each in given if isinstance(each, str)]
                long = next((each for each in flags if each.startswith("--")), flags[0] if flags else "")
                key = named.get("dest") or long.lstrip("-").replace("-", "_")
                value = named.get("default")
                if value is None and named.get("action") in ("store_true", "store_false"):
                    value = named["action"] == "store_false"
                elif "default" not in named:
                    positional = bool(flags) and not flags[0].startswith("-")
                    value = Unknown(Message("tutorials.option"), 0) if positional or named.get("required") else None
                elif isinstance(value, str) and named.get("type") in (
                    Reference("builtins.int"),
                    Reference("builtins.float"),
                ):
                    kind = int if named["type"] == Reference("builtins.int") else float
                    value = kind(value) if value.replace(".", "", 1).isdigit() else value
                options[str(key)] = value
                return None
            case "parse_args":
                return Namespace(dict(options))
            case "parse_known_args":
                return Namespace(dict(options)), []
            case "add_argument_group" | "add_mutually_exclusive_group":
                return Parser(options)
            case "set_defaults":
                options.update(named)
        return None

    def _network_method(
        self, network: Network, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call
    ) -> Any:
        if name not in _METHODS and (better := meant(name, _METHODS)):
            self.notes.guess(Message("tutorials.misspelt", name=name, meant=better), node.lineno)
            name = better
        match name:
            case "add":
                layer = given[0] if given else named.get("layer")
                self._add(network, layer, node)
                return None
            case "pop":
                return network.layers.pop() if network.layers else None
            case "compile":
                optimizer = named.get("optimizer", given[0] if given else "rmsprop")
                loss = named.get("loss", given[1] if len(given) > 1 else None)
                network.compiled = Compiled(optimizer, loss, node.lineno)
                metrics = named.get("metrics", given[2] if len(given) > 2 else [])
                self.metrics |= (
                    {each for each in metrics if isinstance(each, str)} if isinstance(metrics, list) else set()
                )
                return None
            case "save_weights" | "save":
                holds = "weights" if name == "save_weights" else "model"
                self._saves(named.get("filepath", given[0] if given else None), holds)
                return None
            case "fit" | "fit_generator":
                return self._fit(network, name, given, named, node)
            case "build" if given and isinstance(given[0], tuple | list) and network.input_shape is None:
                network.input_shape = tuple(given[0])[1:]
                return None
            case "train_on_batch":
                self.notes.unread(Message("tutorials.train_on_batch"), node.lineno)
            case "load_weights":
                self.notes.guess(Message("tutorials.loaded_weights"), node.lineno)
                return None
            case "evaluate":
                self._use_labels(network, given[1] if len(given) > 1 else named.get("y"))
                return [
                    self.unknown(node, Message("tutorials.result")),
                    self.unknown(node, Message("tutorials.result")),
                ]
        return self.unknown(node, Message("tutorials.result"))

    def _fit(self, network: Network, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        order = _FIT_ORDER if name == "fit" else _GENERATOR_ORDER
        if given and isinstance(given[0], Batches):
            order = ("x", *order[1:])
        arguments = dict(network.defaults) | dict(zip(order, given, strict=False))
        arguments |= {_FIT_OLD.get(key, key): value for key, value in named.items()}
        network.trained = True
        self._use_labels(network, arguments.get("y"))
        held = arguments.get("validation_data")
        self._use_labels(network, held[1] if isinstance(held, tuple | list) and len(held) > 1 else None)
        self.trainings.append(Training(network, tuple(network.layers), network.compiled, arguments, node.lineno))
        return Namespace({"history": self.unknown(node, Message("tutorials.result")),
                          "epoch": self.unknown(node, Message("tutorials.result"))})  # fmt: skip

    def _use_labels(self, network: Network, labels: Any) -> None:
        """Remember labels that are never defined."""
        if isinstance(labels, Unknown) and labels.why.key == "tutorials.undefined":
            loss = network.compiled.loss if network.compiled else ""
            one_hot = "sparse" not in str(getattr(loss, "name", loss)).lower()
            self.missing_labels.setdefault(str(labels.why.values["name"]), (labels.line, one_hot))

    def _subclassed(
        self, owner: Instance, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call
    ) -> Network:
        """The network of a class derived from Keras's, whose `call` is followed when it is trained."""
        network = owner.network
        if network is None:
            network = owner.network = Network(node.lineno)
        if name.startswith("fit") and not network.layers:
            images = given[0] if given else named.get("x")
            images = images.images if isinstance(images, Batches) else images
            shape = images.shape[1:] if isinstance(images, Array) else None
            end = self._own_method(owner, "call", (Symbol((), shape),), {}, node)
            if isinstance(end, Symbol) and not end.branches:
                network.layers, network.input_shape = list(end.layers), shape
            elif isinstance(end, Symbol):
                network.problem = self.unknown(node, Message("tutorials.branches"))
            else:
                network.problem = end if isinstance(end, Unknown) else self.unknown(
                    node, Message("tutorials.own_layer", name=owner.kind.name))  # fmt: skip
        return network

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        if isinstance(owner, Made) and owner.path.startswith("keras.layers."):
            return Method(owner, name)
        return super().attribute(owner, name, node)


def _unscaled(images: Any) -> Any:
    return replace(images, scale=None, offset=None) if isinstance(images, Array) else images
