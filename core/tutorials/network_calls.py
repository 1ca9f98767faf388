"""What methods of networks and parsers mean."""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials import data_sets
from core.tutorials.batch_calls import PLAIN_FLOW, BatchCalls
from core.tutorials.containers import set_rate
from core.tutorials.keras_calls import FIT_OLD
from core.tutorials.names import meant
from core.tutorials.trainings import Training
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
    Rate,
    Reference,
    Symbol,
    Unknown,
)

_FIT_ORDER = ("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data")
_GENERATOR_ORDER = ("x", "steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data")
_KERAS_1_GENERATOR_ORDER = ("x", "samples_per_epoch", "epochs", "verbose", "callbacks", "validation_data")
_KERAS_ARGUMENTS = {"epochs", "nb_epoch", "steps_per_epoch", "validation_data", "validation_split", "callbacks"}
"""Arguments of `fit` that no other library's has."""
_KEYWORDS: Mapping[str, frozenset[str]] = {
    "compile": frozenset(
        {
            *("optimizer", "loss", "metrics", "loss_weights", "weighted_metrics", "run_eagerly", "steps_per_execution"),
            *("jit_compile", "auto_scale_loss", "class_mode", "sample_weight_mode", "target_tensors", "theano_mode"),
            *("distribute", "experimental_run_tf_function"),
        }
    ),
    "fit": frozenset(
        {
            *("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data"),
            *("shuffle", "class_weight", "sample_weight", "initial_epoch", "steps_per_epoch", "validation_steps"),
            *("validation_batch_size", "validation_freq", "workers", "use_multiprocessing", "max_queue_size"),
            *("nb_epoch", "show_accuracy", "generator", "samples_per_epoch", "nb_val_samples", "nb_worker", "X"),
            *("max_q_size", "pickle_safe"),
        }
    ),
}
"""The arguments that `compile` and `fit` took in any version, to compare a misspelt one with."""
_NETWORK = re.compile(r"model|net|cnn|mlp|classifier", re.IGNORECASE)
_METHODS = {
    *("add", "compile", "fit", "fit_generator", "evaluate", "predict", "predict_classes", "summary", "save"),
    *("save_weights", "load_weights", "to_json", "build", "get_weights", "set_weights", "train_on_batch", "pop"),
    *("get_layer", "evaluate_generator", "predict_generator", "predict_proba", "count_params", "get_config"),
}


class NetworkCalls(BatchCalls):
    """Methods of what Keras and the libraries around it return; `fit` is a training."""

    def call_method(self, owner: Any, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        if isinstance(owner, Instance):
            return self._network_method(self._subclassed(owner, name, given, named, node), name, given, named, node)
        match owner:
            case Network():
                return self._network_method(owner, name, given, named, node)
            case Layer() if name == "set_weights":
                return self._gives_weights(None, "tutorials.given_weights", node.lineno)
            case Rate() if name == "assign" and given:
                return set_rate(owner, given[0])
            case Rate() if name in ("numpy", "read_value", "get_value"):
                return self._rate(owner, node)
            case Batches():
                return self._batches_method(owner, name, given, named, node)
            case Parser(options):
                return self._parser_method(options, name, given, named)
            case Made(path) if path.startswith("keras.layers."):
                return self._merged(given[0]) if given and isinstance(given[0], list) else self.unknown(
                    node, Message("tutorials.not_constant"))  # fmt: skip
            case Made("keras.ImageDataGenerator", named=settings) if name == "flow":
                return self._flow(settings, given, named)
            case Made("keras.ImageDataGenerator") if name in ("flow_from_directory", "flow_from_dataframe"):
                unknown = self.unknown(node, Message("tutorials.outside", name=name))
                return Batches(
                    unknown, None, named.get("batch_size", 32), augmented=bool(owner.named.keys() - PLAIN_FLOW)
                )
            case Made(data_sets.IDX) if name == "read":
                return owner
            case Made("keras.ImageDataGenerator") if name == "fit":
                return None
            case Made() if name in ("fit_transform", "transform") and given and isinstance(given[0], Array):
                return self._transformed(owner, given[0])
            case Made() if name == "fit":
                return owner
            case Namespace(values) if name == "next_batch":
                return values.get("images"), values.get("labels")
        unread = next((each for each in given if isinstance(each, Unknown)), None)
        return unread or self.unknown(node, Message("tutorials.outside", name=name))

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
        named = self._spelt_keywords(name, named, node)
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
                return self._gives_weights(network, "tutorials.loaded_weights", node.lineno)
            case "set_weights":
                return self._gives_weights(network, "tutorials.given_weights", node.lineno)
            case "evaluate":
                self._use_labels(network, given[1] if len(given) > 1 else named.get("y"))
                return [
                    self.unknown(node, Message("tutorials.result")),
                    self.unknown(node, Message("tutorials.result")),
                ]
        return self.unknown(node, Message("tutorials.result"))

    def _spelt_keywords(self, method: str, named: Mapping[str, Any], node: ast.Call) -> Mapping[str, Any]:
        """The arguments by the names that the method takes."""
        known = _KEYWORDS.get(method.removesuffix("_generator"), frozenset())
        found: dict[str, Any] = {}
        for key, value in named.items():
            better = meant(key, known) if known and key not in known and key != "**" else None
            if better is not None and better not in named:
                at = next((each.lineno for each in node.keywords if each.arg == key), node.lineno)
                self.notes.guess(Message("tutorials.misspelt", name=key, meant=better), at)
                key = better
            found[key] = value
        return found

    def _fit(self, network: Network, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        order: Sequence[str] = _FIT_ORDER
        if name == "fit_generator":
            order = _KERAS_1_GENERATOR_ORDER if self.version.number == 1 else _GENERATOR_ORDER
        if given and isinstance(given[0], Batches):
            order = ("x", *order[1:])
        arguments = dict(network.defaults) | dict(zip(order, given, strict=False))
        arguments |= {FIT_OLD.get(key, key): value for key, value in named.items()}
        self.note_weights(network)
        again, network.trained = network.trained, True
        self._use_labels(network, arguments.get("y"))
        held = arguments.get("validation_data")
        self._use_labels(network, held[1] if isinstance(held, tuple | list) and len(held) > 1 else None)
        training = Training(network, tuple(network.layers), network.compiled, arguments, node.lineno, continues=again)
        self.trainings.append(training)
        return Namespace({"history": self.unknown(node, Message("tutorials.result")),
                          "epoch": self.unknown(node, Message("tutorials.result"))})  # fmt: skip

    def fit_unknown(self, network: Unknown, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> None:
        why = network.why
        missing = why.key == "tutorials.undefined" and _NETWORK.search(str(why.values.get("name", "")))
        if (
            missing
            or named.keys() & _KERAS_ARGUMENTS
            or why.key in ("tutorials.loaded_model", "tutorials.pretrained", "tutorials.own_layer")
        ):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else "fit"
            self._fit(Network(network.line, problem=network), name, given, named, node)

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
            if _defines(owner.kind, "train_step"):
                network.problem = self.unknown(node, Message("tutorials.own_train_step", name=owner.kind.name))
                return network
            # what `call` does only while it trains belongs to the network, too
            training = {"training": True} if _takes(owner.kind, "call", "training") else {}
            end = self._own_method(owner, "call", (Symbol((), shape),), training, node)
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


def _defines(kind: Class, name: str) -> bool:
    """Whether a class of the script, or one that it derives from, has a method."""
    return name in kind.members or any(_defines(each, name) for each in kind.bases if isinstance(each, Class))


def _takes(kind: Class, method: str, argument: str) -> bool:
    """Whether a method of a class of the script has an argument of this name."""
    found = kind.members.get(method)
    if isinstance(found, Function):
        arguments = found.node.args
        return any(each.arg == argument for each in (*arguments.args, *arguments.kwonlyargs))
    return any(_takes(each, method, argument) for each in kind.bases if isinstance(each, Class))
