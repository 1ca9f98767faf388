"""What calls of Keras mean: data sets, layers, networks, and the parts of a training."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays, data_sets
from core.tutorials.calls import Calls
from core.tutorials.containers import set_rate
from core.tutorials.evaluator import is_channels_first
from core.tutorials.layers import Unfit, read_layer
from core.tutorials.names import DATASETS, MERGES, known_names, layer_name, meant, tables
from core.tutorials.networks import flattened
from core.tutorials.notes import Notes
from core.tutorials.optimizers import compiled_optimizer
from core.tutorials.shapes import follow
from core.tutorials.trainings import Training
from core.tutorials.values import (
    Array,
    Batches,
    Class,
    Function,
    Instance,
    Layer,
    Made,
    Network,
    Rate,
    Reference,
    Symbol,
    Unknown,
    Wrapped,
)
from core.tutorials.versions import Version

FIT_OLD = {"nb_epoch": "epochs", "generator": "x"}
_FUNCTIONS = ("activations.", "ops.", "backend.")
"""The modules whose activations are functions of tensors."""
_MERGES = {*MERGES, *(each.capitalize() for each in MERGES), "merge"}


class KerasCalls(Calls):
    """Keras's functions and classes, of every version."""

    def __init__(self, notes: Notes, version: Version) -> None:
        super().__init__(notes)
        self.version = version
        self.data_format = "channels_last"
        self.networks: list[Network] = []
        self.trainings: list[Training] = []
        self.files: dict[str, str] = {}
        """Each file that the script saves: `weights`, a `model` or a `checkpoint`."""
        self.metrics: set[str] = set()
        self.strided: set[int] = set()
        """Lines of the layers whose third argument is the strides, where the script's version took it otherwise."""
        self.missing_labels: dict[str, tuple[int, bool]] = {}
        """Labels that are never defined: the line that uses them, and whether as one-hot vectors."""

    def _keras(self, within: str, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        name = within.rpartition(".")[2]
        first = given[0] if given else None
        if name == "load_data":
            dataset = next((part for part in within.split(".") if part in DATASETS), "")
            found = data_sets.loaded(dataset)
            return (
                found
                if found is not None
                else self.unknown(node, Message("tutorials.other_data", name=dataset or path))
            )
        if name == "image_dataset_from_directory":
            return Batches(
                self.unknown(node, Message("tutorials.outside", name=name)), None, named.get("batch_size", 32)
            )
        if isinstance(first, Symbol) and within.startswith(_FUNCTIONS) and name in tables()["activations"]:
            return self._function_layer(name, path, first, node)
        if within.startswith("backend"):
            if name == "set_value" and isinstance(first, Rate):
                return set_rate(first, given[1] if len(given) > 1 else named.get("value"))
            if name == "get_value" and isinstance(first, Rate):
                return self._rate(first, node)
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
        if (
            name in ("expand_dims", "reshape", "cast", "concatenate", "convert_to_tensor", "squeeze")
            and isinstance(first, Array | list | tuple)
            and not _has_tensor(first)
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
        if name == "get" and isinstance(first, str | dict):
            # the object of a name, which `compile` and layers take as well
            return first
        if group in ("optimizers", "losses", "initializers", "regularizers", "constraints", "callbacks", "metrics"):
            if name == "ModelCheckpoint":
                only = named.get("save_weights_only", given[4] if len(given) > 4 else False)
                self._saves(named.get("filepath", first), "weights" if only is True else "checkpoint")
            return Made(f"keras.{group}.{self._spelt(group, name, node)}", tuple(given), named, node.lineno)
        if name == "ImageDataGenerator":
            return Made("keras.ImageDataGenerator", tuple(given), named, node.lineno)
        if name == "clone_model" and isinstance(first, Network):
            copied = replace(first, line=node.lineno, layers=list(first.layers), compiled=None, trained=False)
            self.networks.append(copied)
            return copied
        unread = next((each for each in given if isinstance(each, Unknown)), None)
        if group == "utils" and unread is not None:
            return unread
        if name in ("deserialize", "get") or group == "utils":
            return self.unknown(node, Message("tutorials.outside", name=path[:80]))
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
        if apart and self.version.number == 2 and (sizes := _two_sizes(name, given)):
            # Keras 2 still took Keras 1's two sizes, but a second one this small was most likely meant as the strides
            apart = sizes[0] == sizes[1] or sizes[1] > 2
            self._note_kernel(name, given, apart=apart, line=line)
        try:
            layer, guesses = read_layer(name, given, named, line, rows_apart=apart)
        except Unfit as unfit:
            return self.unknown(node, unfit.why)
        for each in guesses:
            self.notes.guess(each, line)
        if layer.input_shape is not None and not isinstance(layer.input_shape, tuple):
            self.notes.unread(Message("tutorials.shape_unknown"), line)
        return layer

    def _rate(self, rate: Rate, node: ast.AST) -> Any:
        """The learning rate that a compiled network has now."""
        compiled = rate.network.compiled
        # whatever is to say of the optimizer is said once, where it trains
        optimizer = compiled_optimizer(compiled, self.version, Notes()) if compiled else None
        known = optimizer is not None and optimizer.learning_rate is not None
        return optimizer.learning_rate if optimizer and known else self.unknown(node, Message("tutorials.not_constant"))

    def _note_kernel(self, name: str, given: Sequence[Any], *, apart: bool, line: int) -> None:
        first, second = given[1:3]
        kernel, strides = (f"{first}×{second}", 1) if apart else (f"{first}×{first}", second)
        written = f"{name}({given[0] if isinstance(given[0], int) else '…'}, {first}, {second})"
        self.notes.guess(Message("tutorials.kernel_or_strides", written=written, kernel=kernel, strides=strides), line)
        if not apart:
            self.strided.add(line)

    def _function_layer(self, name: str, path: str, tensor: Symbol, node: ast.AST) -> Symbol:
        """An activation that is called as a function, as the layer that does the same."""
        line = getattr(node, "lineno", 0)
        layer, _ = read_layer("Activation", (name,), {}, line, rows_apart=False)
        called = path.replace("tensorflow.", "tf.", 1)
        self.notes.guess(Message("tutorials.function_layer", name=called, layer=layer.kind), line)
        return Symbol((*tensor.layers, layer), tensor.shape, tensor.branches)

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
            case "int_shape" if isinstance(first, Symbol):
                return self.attribute(first, "shape", node)
        return self.unknown(node, Message("tutorials.outside", name=f"keras.backend.{name}"))

    def _wrapped(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        build = named.get("build_fn", named.get("model", given[0] if given else None))
        own = {key.removeprefix("fit__"): value for key, value in named.items() if key not in ("build_fn", "model")}
        if not isinstance(build, Function) or isinstance(build.node, ast.Lambda):
            return self.unknown(node, Message("tutorials.not_constant"))
        takes = {each.arg for each in build.node.args.args}
        before = len(self.notes.all)
        network = self.call(build, (), {key: value for key, value in own.items() if key in takes}, node)
        if isinstance(network, Network):
            network.defaults = {FIT_OLD.get(key, key): value for key, value in own.items() if key not in takes}
            network.wrapped = Wrapped(build, own, tuple(self.notes.all[before:]))
        return network

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

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        match owner:
            case Symbol(layers=layers, shape=shape) if name == "shape":
                return self._shape_after(layers, shape, node)
            case Network(layers=layers, input_shape=shape) if name in ("output_shape", "input_shape"):
                return self._shape_after(layers if name == "output_shape" else (), shape, node)
        return super().attribute(owner, name, node)

    def _shape_after(self, layers: Sequence[Any], shape: Any, node: ast.AST) -> Any:
        """The shape of a batch that has gone through layers."""
        unknown = self.unknown(node, Message("tutorials.not_constant"))
        flat = list(flattened(layers))
        whole = isinstance(shape, tuple | list) and all(isinstance(side, int) for side in shape)
        if not whole or not all(isinstance(each, Layer) for each in flat):
            return (None, *shape) if isinstance(shape, tuple | list) and not flat else unknown
        if flat and is_channels_first(shape):
            return unknown
        try:
            for layer in flat:
                shape, _ = follow(layer, shape)
        except Unfit:
            return unknown
        return (None, *shape)

    def apply(self, layer: Any, to: Any, node: ast.AST) -> Any:
        if isinstance(to, Unknown):
            return to
        if isinstance(to, list):
            return self._merged(to)
        if isinstance(layer, Network) and layer.problem is not None:
            return layer.problem
        if not isinstance(to, Symbol) or isinstance(layer, Made):
            return self.unknown(node, Message("tutorials.not_constant"))
        return Symbol((*to.layers, layer), to.shape, to.branches)


def _has_tensor(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(each, Symbol) for each in value)


def _two_sizes(name: str, given: Sequence[Any]) -> tuple[int, int] | None:
    """The two whole numbers after a convolution's filters, if it was given some."""
    convolves = name in ("Conv2D", "SeparableConv2D", "Conv2DTranspose")
    sizes = tuple(given[1:3])
    return sizes if convolves and len(sizes) == 2 and all(type(each) is int for each in sizes) else None
