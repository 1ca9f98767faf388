"""What calls of a script's own functions, classes and of Python's return."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials import arrays, data_sets
from core.tutorials.evaluator import BUILTINS, is_long
from core.tutorials.notes import Notes
from core.tutorials.operations import Operations, is_small
from core.tutorials.values import (
    PLAIN,
    Array,
    Class,
    Function,
    Instance,
    Layer,
    Made,
    Method,
    Namespace,
    Network,
    Partial,
    Reference,
    Scope,
    Unknown,
)

_DEEPEST = 30
"""Calls within calls of a script's own functions."""
_TEXT_METHODS = {"format", "lower", "upper", "strip", "replace", "split", "join", "startswith", "endswith", "title"}
_LIST_METHODS = {"append", "extend", "insert", "pop", "reverse", "copy", "index", "count", "clear"}
_DICT_METHODS = {"get", "keys", "values", "items", "update", "copy", "pop", "setdefault"}


class Returned(Exception):
    """The end of a function of the script, with what it returns."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Calls(Operations, ABC):
    """Calls of Python's own and the script's functions; subclasses know libraries."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(notes)
        self._depth = 0
        self.followed: set[ast.AST] = set()
        """The script's functions that were called."""

    def call(self, function: Function, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """Follow a function of the script."""
        if self._depth >= _DEEPEST:
            return self.unknown(node, Message("tutorials.too_deep"))
        self.followed.add(function.node)
        scope = Scope(outer=function.scope)
        self._bind(function, given, named, scope, node)
        outside, self.scope, self._depth = self.scope, scope, self._depth + 1
        try:
            if isinstance(function.node, ast.Lambda):
                return self.evaluate(function.node.body)
            self.run(function.node.body)
        except Returned as returned:
            return returned.value
        finally:
            self.scope, self._depth = outside, self._depth - 1
        return None

    def _bind(
        self, function: Function, given: Sequence[Any], named: Mapping[str, Any], scope: Scope, node: ast.AST
    ) -> None:
        arguments = function.node.args
        places = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(places) - len(arguments.defaults)) + list(arguments.defaults)
        rest = dict(named)
        missing = self.unknown(node, Message("tutorials.not_given"))
        for place, (argument, default) in enumerate(zip(places, defaults, strict=True)):
            if place < len(given):
                value = given[place]
            elif argument.arg in rest:
                value = rest.pop(argument.arg)
            else:
                value = self.evaluate(default) if default is not None else missing
            scope.values[argument.arg] = value
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            fallback = self.evaluate(default) if default is not None else missing
            scope.values[argument.arg] = rest.pop(argument.arg, fallback)
        if arguments.vararg:
            scope.values[arguments.vararg.arg] = tuple(given[len(places) :])
        if arguments.kwarg:
            scope.values[arguments.kwarg.arg] = rest

    def _call(self, node: ast.Call) -> Any:
        function = self.evaluate(node.func)
        return self._called(function, *self._arguments(node), node)

    def _called(self, function: Any, given: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
        match function:
            case Unknown():
                if isinstance(node.func, ast.Attribute) and node.func.attr in ("fit", "fit_generator"):
                    self.fit_unknown(function, given, named, node)
                return function
            case Reference(path) if path.startswith("builtins."):
                return self._builtin(path.removeprefix("builtins."), given, named, node)
            case Reference(path):
                return self.call_library(path, given, named, node)
            case Function():
                return self.call(function, given, named, node)
            case Class():
                return self.create(function, given, named, node)
            case Method(Instance() as owner, name):
                return self._own_method(owner, name, given, named, node)
            case Method(owner, name):
                return self._method(owner, name, given, named, node)
            case Partial(called, before, by_name):
                return self._called(called, [*before, *given], {**by_name, **named}, node)
            case Layer() | Network() | Made():
                return self.apply(function, given[0] if given else named.get("inputs"), node)
            case Instance():
                return self._own_method(function, "__call__", given, named, node)
        return self.unknown(node, Message("tutorials.not_callable"))

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        found = super().attribute(owner, name, node)
        if isinstance(found, Method) and isinstance(owner, Instance) and (getter := _getter(owner.kind, name)):
            return self.call(getter, (owner,), {}, node)
        return found

    def create(self, kind: Class, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """An object of a class of the script."""
        made = Instance(kind)
        queue: list[Any] = [kind]
        while queue:
            each = queue.pop(0)
            if isinstance(each, Reference) and each.path.rpartition(".")[2] in ("Model", "Sequential"):
                made.network = Network(getattr(node, "lineno", 0))
            queue += each.bases if isinstance(each, Class) else []
        start = self._member(made, kind, "__init__", node)
        if isinstance(start, Method):
            self._own_method(made, "__init__", given, named, node)
        elif made.network is None:
            # as a data class does
            made.attributes |= dict(zip(kind.fields, given, strict=False)) | dict(named)
        return made

    def _own_method(
        self, owner: Instance, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST
    ) -> Any:
        queue: list[Any] = [owner.kind]
        while queue:
            each = queue.pop(0)
            if isinstance(each, Class):
                if isinstance(found := each.members.get(name), Function):
                    return self.call(found, (owner, *given), named, node)
                queue += each.bases
        if name == "__call__":
            return self._own_method(owner, "call", given, named, node)
        if owner.network is not None and isinstance(node, ast.Call) and name != "call":
            return self.call_method(owner, name, given, named, node)
        return self.unknown(node, Message("tutorials.undefined", name=name))

    def _arguments(self, node: ast.Call) -> tuple[list[Any], dict[str, Any]]:
        given: list[Any] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                value = self.evaluate(argument.value)
                given += list(value) if isinstance(value, list | tuple) else [value]
            else:
                given.append(self.evaluate(argument))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named |= {str(key): each for key, each in value.items()}
            elif isinstance(value, Unknown):
                named["**"] = value
        return given, named

    def _builtin(self, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        if name in ("input", "raw_input"):
            return self.unknown(node, Message("tutorials.asked"))
        if name == "print":
            return None
        if name == "open" and given and (opened := data_sets.idx_file(given[0])) is not None:
            return opened
        if name == "super":
            return self._super(given[1] if len(given) > 1 else self.scope.values.get("self"))
        if name == "getattr" and len(given) >= 2 and isinstance(given[1], str):
            return self.attribute(given[0], given[1], node)
        if name == "setattr" and len(given) == 3 and isinstance(given[0], Instance) and isinstance(given[1], str):
            given[0].attributes[given[1]] = given[2]
            return None
        if name == "vars" and given and isinstance(given[0], Namespace):
            return given[0].values
        if name == "map" and len(given) == 2 and isinstance(given[1], list | tuple) and not is_long(given[1]):
            return [self._called(given[0], [each], {}, node) for each in given[1]]
        if name == "len" and given and isinstance(given[0], Array):
            return given[0].shape[0]
        if name in ("set", "max") and given and isinstance(given[0], Array):
            found = arrays.unique(given[0]) if name == "set" else arrays.method(given[0], name, (), {})
            return self.unknown(node, Message("tutorials.not_constant")) if found is None else found
        for each in given:
            if isinstance(each, Unknown):
                return each
        if name in ("float", "int", "list", "tuple") and given and isinstance(given[0], Array):
            return given[0]
        if name not in BUILTINS or not all(isinstance(each, PLAIN) for each in (*given, *named.values())):
            return self.unknown(node, Message("tutorials.not_constant"))
        if any(is_long(each) for each in given):
            return self.unknown(node, Message("tutorials.too_long"))
        try:
            value = BUILTINS[name](*given, **named)
            return value if isinstance(value, PLAIN) else list(value)
        except Exception:
            return self.unknown(node, Message("tutorials.not_constant"))

    def _super(self, owner: Any) -> Namespace:
        """The methods of Keras's own class behind a class of the script."""
        methods: dict[str, Any] = {"__init__": Reference("builtins.print"), "build": Reference("builtins.print")}
        if isinstance(owner, Instance) and owner.network is not None:
            methods |= {name: Method(owner.network, name) for name in ("compile", "fit")}
        return Namespace(methods)

    def _method(self, owner: Any, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        if isinstance(owner, Array):
            found = arrays.method(owner, name, given, named)
            if isinstance(found, Array) and name in ("reshape", "resize"):
                self._mark_rotation(found.shape[1:], node.args[0] if len(node.args) == 1 else node)
            return self.unknown(node, Message("tutorials.not_constant")) if found is None else found
        if name == "tolist" and isinstance(owner, list):
            return list(owner)
        known = _TEXT_METHODS if isinstance(owner, str) else _DICT_METHODS if isinstance(owner, dict) else _LIST_METHODS
        if isinstance(owner, str | list | dict):
            if name not in known or not is_small(owner, given):
                return self.unknown(node, Message("tutorials.not_constant"))
            try:
                value = getattr(owner, name)(*given, **named)
            except Exception:
                return self.unknown(node, Message("tutorials.not_constant"))
            value = list(value) if isinstance(owner, dict) and name in ("keys", "values", "items") else value
            return self._bounded(value, node)
        return self.call_method(owner, name, given, named, node)

    @abstractmethod
    def call_library(self, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        """What a function or class of a library returns."""

    @abstractmethod
    def call_method(self, owner: Any, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        """What a method of a library's object returns."""

    @abstractmethod
    def fit_unknown(self, network: Unknown, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> None:
        """Note the training of a network that is not known."""

    @abstractmethod
    def apply(self, layer: Any, to: Any, node: ast.AST) -> Any:
        """What a layer or network makes of a tensor."""

    @abstractmethod
    def run(self, body: Sequence[ast.stmt]) -> None:
        """Follow statements."""


def _getter(kind: Class, name: str) -> Function | None:
    """The property of a class of the script, or of one that it derives from."""
    found = kind.members.get(name)
    if isinstance(found, Function):
        return found if found.kind == "property" else None
    return next((getter for each in kind.bases if isinstance(each, Class) and (getter := _getter(each, name))), None)
