"""What searches mean, each read as one training: scikit-learn's, hyperas, hyperopt, Optuna and Keras Tuner."""

import ast
import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials.network_calls import NetworkCalls
from core.tutorials.values import PLAIN, Function, Instance, Made, Network, Unknown

SEARCHES = ("hyperas", "hyperopt", "optuna", "keras_tuner", "kerastuner")
"""The packages whose objects are followed here."""
_DISTRIBUTIONS = {"choice", "uniform", "quniform", "loguniform", "qloguniform", "normal", "randint"}
_SETTINGS = {"Int", "Float", "Choice", "Boolean", "Fixed"}
"""What Keras Tuner's HyperParameters offer."""
_MOST_FOLDS = 20


class Searches(NetworkCalls):
    """Searches, and the values that they try: of each the first or lowest is taken, with a note."""

    def _set(self, node: ast.Set) -> Any:
        match node.elts:
            case [ast.Set(elts=[inner])]:
                # hyperas replaces what is in double braces
                return self.evaluate(inner)
        return super()._set(node)

    def _searched(self, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        """What a function or class of a search's package returns."""
        name = path.rpartition(".")[2]
        if name in _DISTRIBUTIONS:
            found = self._first(given, named, node)
            return math.exp(found) if "log" in name and path.startswith("hyperopt") and abs(found) < 100 else found
        if name == "minimize":
            return self._minimize(named.get("model"), named.get("data"), node)
        if name == "fmin":
            space = named.get("space", given[1] if len(given) > 1 else None)
            return self._try(named.get("fn", given[0] if given else None), (space,), node)
        return Made(path, tuple(given), named, node.lineno)

    def _minimize(self, build: Any, data: Any, node: ast.AST) -> Any:
        """hyperas gives what `data` returns to the function that trains."""
        loaded = self.call(data, (), {}, node) if isinstance(data, Function) else ()
        unknown = self._try(build, loaded if isinstance(loaded, tuple) else (loaded,), node)
        return unknown, unknown

    def _try(self, function: Any, given: Sequence[Any], node: ast.AST) -> Any:
        """Follow once the function that a search calls for each of its trials."""
        if isinstance(function, Function):
            self.notes.guess(Message("tutorials.one_search"), getattr(node, "lineno", 0))
            self.call(function, given, {}, node)
        return self.unknown(node, Message("tutorials.result"))

    def _first(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The first value that a search tries, or its lowest."""
        values = [
            *(each for each in given if not isinstance(each, str)),
            *(named[key] for key in _BOUNDS if key in named),
        ]
        lists = [each for each in values if isinstance(each, list | tuple) and each]
        if "default" in named:
            found = named["default"]
        elif lists:
            found = lists[0][0]
        else:
            found = next((each for each in values if isinstance(each, int | float)), None)
        if found is None or isinstance(found, Unknown):
            return self.unknown(node, Message("tutorials.not_constant"))
        written = str(found) if isinstance(found, PLAIN) else getattr(found, "kind", getattr(found, "name", "?"))
        self.notes.guess(Message("tutorials.suggested", value=str(written)[:40]), getattr(node, "lineno", 0))
        return found

    def call_method(self, owner: Any, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        if not isinstance(owner, Made):
            return super().call_method(owner, name, given, named, node)
        package = owner.path.partition(".")[0]
        if owner.name.endswith(("KFold", "ShuffleSplit")) and name == "split":
            return self._folds(owner, node)
        if package not in SEARCHES:
            return super().call_method(owner, name, given, named, node)
        if name == "optimize":
            trial = Made("optuna.trial.Trial", (), {}, node.lineno)
            return self._try(named.get("func", given[0] if given else None), (trial,), node)
        if name == "suggest_categorical" or name.startswith("suggest_"):
            return self._first(given[1:], named, node)
        if name in _SETTINGS:
            return False if name == "Boolean" and "default" not in named else self._first(given[1:], named, node)
        if name == "get_best_hyperparameters":
            return [_settings(node)]
        if name in ("search", "get_best_models", "build", "run_trial"):
            return self._tuned(owner, name, given, named, node)
        return self.unknown(node, Message("tutorials.result"))

    def _tuned(self, tuner: Made, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        """Keras Tuner's network with the first of each setting; `search` trains it."""
        build = tuner.named.get("hypermodel", tuner.arguments[0] if tuner.arguments else None)
        network: Any = self.unknown(node, Message("tutorials.not_constant"))
        if isinstance(build, Function):
            network = self.call(build, (_settings(node),), {}, node)
        elif isinstance(build, Instance):
            network = self._own_method(build, "build", (_settings(node),), {}, node)
        if name == "search":
            self.notes.guess(Message("tutorials.one_search"), node.lineno)
            if isinstance(network, Network | Instance):
                self.call_method(network, "fit", given, named, node)
        return [network] if name == "get_best_models" else network

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        if isinstance(owner, Made) and owner.path.startswith(("keras_tuner.", "kerastuner.")) and name == "hypermodel":
            return owner
        return super().attribute(owner, name, node)

    def _folds(self, folds: Made, node: ast.AST) -> Any:
        """The indices of each fold, which pick images that are not known."""
        count = folds.named.get("n_splits", folds.arguments[0] if folds.arguments else 5)
        if not isinstance(count, int) or not 1 < count <= _MOST_FOLDS:
            return self.unknown(node, Message("tutorials.loop_variable"))
        picked = self.unknown(node, Message("tutorials.condition"))
        return [(picked, picked)] * count

    def _grid(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The network of scikit-learn's search over settings, with the first of each."""
        network = named.get("estimator", given[0] if given else None)
        grid = named.get("param_grid", named.get("param_distributions", given[1] if len(given) > 1 else None))
        if not isinstance(network, Network) or network.wrapped is None:
            return self.unknown(node, Message("tutorials.not_constant"))
        first = {
            str(key).removeprefix("model__"): each[0]
            for key, each in (grid.items() if isinstance(grid, dict) else ())
            if isinstance(each, list | tuple | range) and each
        }
        self.notes.guess(Message("tutorials.search"), getattr(node, "lineno", 0))
        self.networks.remove(network)
        self.notes.forget(network.wrapped.notes)
        return self._wrapped((network.wrapped.build,), {**network.wrapped.settings, **first}, node)


_BOUNDS = ("values", "choices", "options", "low", "min_value", "value")


def _settings(node: ast.AST) -> Made:
    return Made("keras_tuner.HyperParameters", (), {}, getattr(node, "lineno", 0))
