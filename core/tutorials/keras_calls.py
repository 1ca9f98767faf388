"""What calls of Keras mean: data sets, layers, networks, and the parts of a training."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays, data_sets
from core.tutorials.containers import set_rate
from core.tutorials.keras_layers import KerasLayers
from core.tutorials.library_call import NOT_FOLLOWED, Handler, LibraryCall
from core.tutorials.names import DATASETS, MERGES, meant, tables
from core.tutorials.notes import Note, Notes
from core.tutorials.optimizers import compiled_optimizer
from core.tutorials.trainings import Training
from core.tutorials.values import (
    Array,
    Batches,
    Function,
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
_OBJECTS = {"optimizers", "losses", "initializers", "regularizers", "constraints", "callbacks", "metrics"}
"""The modules whose classes make the parts of a training."""


class KerasCalls(KerasLayers):
    """Keras's functions and classes, of every version."""

    def __init__(self, notes: Notes, version: Version) -> None:
        super().__init__(notes, version)
        self.data_format = "channels_last"
        self.trainings: list[Training] = []
        self.files: dict[str, str] = {}
        """Each file that the script saves: `weights`, a `model` or a `checkpoint`."""
        self._weights: list[tuple[Network | None, Note]] = []
        """The weights that the script gives a network, or a layer of one, and that no training began with yet."""
        self.metrics: set[str] = set()
        self.missing_labels: dict[str, tuple[int, bool]] = {}
        """Labels that are never defined: the line that uses them, and whether as one-hot vectors."""

    def note_weights(self, network: Network | None = None) -> None:
        """Note the weights that a network, or any, was given before its training."""
        others: list[tuple[Network | None, Note]] = []
        for owner, note in self._weights:
            if owner is None or network is None or owner is network:
                self.notes.guess(note.said, note.line)
            else:
                others.append((owner, note))
        self._weights = others

    def _gives_weights(self, network: Network | None, said: str, line: int) -> None:
        self._weights.append((network, Note("guess", Message(said), line)))

    def _keras(self, call: LibraryCall) -> Any:
        within, name = call.within, call.name
        if isinstance(call.first, Symbol) and within.startswith(_FUNCTIONS) and name in tables()["activations"]:
            return self._function_layer(name, call.path, call.first, call.node)
        if within.startswith("backend"):
            return self._backend(call)
        follow = _BY_NAME.get(name)
        found = follow(self, call) if follow else NOT_FOLLOWED
        return self._by_module(call) if found is NOT_FOLLOWED else found

    def _by_module(self, call: LibraryCall) -> Any:
        """What a call returns that only its module says, and at last a layer."""
        within, name, given, named, node = call.within, call.name, call.given, call.named, call.node
        group = within.partition(".")[0]
        if "applications" in within:
            return self.unknown(node, Message("tutorials.pretrained", name=name))
        if "wrappers.scikit_learn" in within:
            return self._wrapped(given, named, node)
        if name in _MERGES and ("layers" in within or name in ("Add", "Concatenate")):
            tensors = call.first if isinstance(call.first, list) else named.get("inputs")
            if isinstance(tensors, list):
                return self._merged(tensors)
            return Made(f"keras.layers.{name}", tuple(given), named, node.lineno)
        if group in _OBJECTS:
            if name == "ModelCheckpoint":
                only = call.argument("save_weights_only", 4, default=False)
                self._saves(call.argument("filepath", 0), "weights" if only is True else "checkpoint")
            return Made(f"keras.{group}.{self._spelt(group, name, node)}", tuple(given), named, node.lineno)
        unread = next((each for each in given if isinstance(each, Unknown)), None)
        if group == "utils" and unread is not None:
            return unread
        if name in ("deserialize", "get") or group == "utils":
            return self.unknown(node, Message("tutorials.outside", name=call.path[:80]))
        return self._layer(name, given, named, node)

    def _load_data(self, call: LibraryCall) -> Any:
        dataset = next((part for part in call.within.split(".") if part in DATASETS), "")
        found = data_sets.loaded(dataset)
        other = Message("tutorials.other_data", name=dataset or call.path)
        return self.unknown(call.node, other) if found is None else found

    def _image_folder(self, call: LibraryCall) -> Any:
        images = self.unknown(call.node, Message("tutorials.outside", name=call.name))
        return Batches(images, None, call.named.get("batch_size", 32))

    def _input(self, call: LibraryCall) -> Any:
        shape = call.named.get("shape", call.argument("input_shape", 0))
        if "batch_shape" in call.named:
            shape = tuple(call.named["batch_shape"] or ())[1:]
        return Symbol((), (shape,) if isinstance(shape, int) else tuple(shape) if isinstance(shape, list) else shape)

    def _sequential_call(self, call: LibraryCall) -> Network:
        return self._sequential(call.given, call.named, call.node)

    def _functional_call(self, call: LibraryCall) -> Network:
        return self._functional(call.given, call.named, call.node)

    def _to_categorical(self, call: LibraryCall) -> Any:
        if isinstance(call.first, Array):
            count = call.named.get("num_classes", call.argument("nb_classes", 1))
            return arrays.one_hot(call.first, count)
        unread = call.name == "to_categorical" and isinstance(call.first, Unknown)
        return call.first if unread else NOT_FOLLOWED

    def _normalize(self, call: LibraryCall) -> Any:
        array = isinstance(call.first, Array)
        return replace(call.first, scale=None, offset=None) if array else NOT_FOLLOWED

    def _like_numpy(self, call: LibraryCall) -> Any:
        """A function that NumPy has, too, unless it is given tensors."""
        first = call.first
        tensors = isinstance(first, list | tuple) and any(isinstance(each, Symbol) for each in first)
        if not isinstance(first, Array | list | tuple) or tensors:
            return NOT_FOLLOWED
        return self.call_library(f"numpy.{call.name}", call.given, call.named, call.node)

    def _loaded_model(self, call: LibraryCall) -> Any:
        return self.unknown(call.node, Message("tutorials.loaded_model"))

    def _save_model(self, call: LibraryCall) -> None:
        self._saves(call.argument("filepath", 1), "model")

    def _by_its_name(self, call: LibraryCall) -> Any:
        """The object of a name, which `compile` and layers take as well."""
        return call.first if isinstance(call.first, str | dict) else NOT_FOLLOWED

    def _image_generator(self, call: LibraryCall) -> Any:
        return Made("keras.ImageDataGenerator", tuple(call.given), call.named, call.node.lineno)

    def _clone_model(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Network):
            return NOT_FOLLOWED
        copied = replace(
            call.first, line=call.node.lineno, layers=list(call.first.layers), compiled=None, trained=False
        )
        self.networks.append(copied)
        return copied

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

    def _rate(self, rate: Rate, node: ast.AST) -> Any:
        """The learning rate that a compiled network has now."""
        compiled = rate.network.compiled
        # whatever is to say of the optimizer is said once, where it trains
        optimizer = compiled_optimizer(compiled, self.version, Notes()) if compiled else None
        known = optimizer is not None and optimizer.learning_rate is not None
        return optimizer.learning_rate if optimizer and known else self.unknown(node, Message("tutorials.not_constant"))

    def _backend(self, call: LibraryCall) -> Any:
        name, first = call.name, call.first
        match name:
            case "set_value" if isinstance(first, Rate):
                return set_rate(first, call.argument("value", 1))
            case "get_value" if isinstance(first, Rate):
                return self._rate(first, call.node)
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
                return self.attribute(first, "shape", call.node)
        return self.unknown(call.node, Message("tutorials.outside", name=f"keras.backend.{name}"))

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


_BY_NAME: Mapping[str, Handler] = {
    "load_data": KerasCalls._load_data,
    "image_dataset_from_directory": KerasCalls._image_folder,
    **dict.fromkeys(("Input", "InputLayer"), KerasCalls._input),
    "Sequential": KerasCalls._sequential_call,
    **dict.fromkeys(("Model", "Functional"), KerasCalls._functional_call),
    **dict.fromkeys(("to_categorical", "one_hot"), KerasCalls._to_categorical),
    "normalize": KerasCalls._normalize,
    **dict.fromkeys(("expand_dims", "reshape", "cast", "concatenate", "convert_to_tensor", "squeeze"),
                    KerasCalls._like_numpy),
    **dict.fromkeys(("load_model", "model_from_json", "model_from_yaml", "model_from_config"),
                    KerasCalls._loaded_model),
    "save_model": KerasCalls._save_model,
    "get": KerasCalls._by_its_name,
    "ImageDataGenerator": KerasCalls._image_generator,
    "clone_model": KerasCalls._clone_model,
}  # fmt: skip
