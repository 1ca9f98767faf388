"""What an expression of a script is worth, read from its syntax tree alone."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays
from core.tutorials.names import USUAL, home, known_names, meant
from core.tutorials.notes import Notes
from core.tutorials.values import (
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
    Symbol,
    Unknown,
)

MOST_STEPS = 400_000
"""Expressions that are read, so that a loop ends."""
_LONGEST = 10_000
"""Items of a list or characters of a text that a script may make."""
_DEEPEST = 30
"""Calls within calls of a script's own functions."""

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_BUILTINS: Mapping[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (abs, bool, dict, enumerate, float, int, len, list, max, min, range, reversed, round, set, sorted, str)
} | {each.__name__: each for each in (sum, tuple, zip, any, all)}
_KNOWN = {"print", "input", "raw_input", "super", "isinstance", "type", "vars", "getattr", "hasattr", "next", "iter"}
_KNOWN |= {"open", "map", "filter", "object", "Exception", "ValueError", "exit", "quit", "slice", "property", "globals"}
"""Python's own names that are not followed, or followed in their own way."""
_TEXT_METHODS = {"format", "lower", "upper", "strip", "replace", "split", "join", "startswith", "endswith", "title"}
_LIST_METHODS = {"append", "extend", "insert", "pop", "reverse", "copy", "index", "count", "clear"}
_DICT_METHODS = {"get", "keys", "values", "items", "update", "copy", "pop", "setdefault"}
PLAIN = (bool, int, float, str, bytes, type(None), list, tuple, dict, set, range)


class TooMuch(Exception):
    """The script would take too long to follow."""


class Returned(Exception):
    """The end of a function of the script, with what it returns."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Evaluator:
    """Expressions, and calls of the script's own functions; subclasses follow statements and know libraries."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.scope = Scope()
        self.stars: list[str] = []
        """Modules of which every name was imported."""
        self.rotations: set[tuple[int, int]] = set()
        """Line and column of each shape that is written channels first."""
        self.missing_imports: list[str] = []
        self.steps = 0
        self._depth = 0

    def evaluate(self, node: ast.expr) -> Any:
        """The value of an expression; Unknown where it cannot be read. Raises TooMuch."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMuch
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            return self.unknown(node, Message("tutorials.not_constant"))
        value = method(node)
        if isinstance(value, Unknown) and value.line == 0:
            return replace(value, line=getattr(node, "lineno", 0))
        return value

    def unknown(self, node: ast.AST, why: Message) -> Unknown:
        """A value that cannot be read, at this place."""
        return Unknown(why, getattr(node, "lineno", 0))

    def call_library(self, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        """What a function or class of a library returns."""
        raise NotImplementedError

    def call_method(self, owner: Any, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        """What a method of a library's object returns."""
        raise NotImplementedError

    def apply(self, layer: Any, to: Any, node: ast.AST) -> Any:
        """What a layer or network makes of a tensor."""
        raise NotImplementedError

    def run(self, body: Sequence[ast.stmt]) -> None:
        """Follow statements."""
        raise NotImplementedError

    def call(self, function: Function, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """Follow a function of the script."""
        if self._depth >= _DEEPEST:
            return self.unknown(node, Message("tutorials.too_deep"))
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

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        try:
            return self.scope.find(node.id)
        except KeyError:
            pass
        if node.id in _BUILTINS or node.id in _KNOWN:
            return Reference(f"builtins.{node.id}")
        if node.id == "__name__":
            return "__main__"
        if node.id == "xrange":
            return Reference("builtins.range")
        if self.stars and node.id in known_names():
            root = "tensorflow.keras" if self.stars[-1].startswith("tensorflow") else "keras"
            return Reference(home(node.id).replace("keras", root, 1) + f".{node.id}")
        if node.id in USUAL or node.id in known_names():
            if node.id not in self.missing_imports:
                self.missing_imports.append(node.id)
                module = USUAL.get(node.id) or f"{home(node.id)}.{node.id}"
                self.notes.guess(Message("tutorials.not_imported", name=node.id, module=module), node.lineno)
            return Reference(USUAL.get(node.id) or f"{home(node.id)}.{node.id}")
        if node.id[0].isupper() and (better := meant(node.id, known_names())):
            self.notes.guess(Message("tutorials.misspelt", name=node.id, meant=better), node.lineno)
            return Reference(f"{home(better)}.{better}")
        return Unknown(Message("tutorials.undefined", name=node.id), node.lineno)

    def _attribute(self, node: ast.Attribute) -> Any:
        return self.attribute(self.evaluate(node.value), node.attr, node)

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a value."""
        match owner:
            case Unknown():
                return owner
            case Reference("sys") if name == "argv":
                return ["script.py"]
            case Reference("numpy") if name == "newaxis":
                return None
            case Reference(path):
                return Reference(f"{path}.{name}")
            case Array():
                found = arrays.attribute(owner, name)
                return Method(owner, name) if found is None else found
            case Namespace(values) | Instance(attributes=values) if name in values:
                return values[name]
            case Instance(kind=kind):
                return self._member(owner, kind, name, node)
            case Class(members=members):
                return members.get(name, self.unknown(node, Message("tutorials.undefined", name=name)))
            case Symbol(shape=shape) if name == "shape":
                return (
                    (None, *shape)
                    if isinstance(shape, tuple)
                    else self.unknown(node, Message("tutorials.not_constant"))
                )
            case Symbol(layers=layers) if name in ("output", "input"):
                return owner if layers is not None else None
            case Network() if name in ("output", "outputs"):
                return Symbol(tuple(owner.layers), owner.input_shape)
            case Network() if name in ("input", "inputs"):
                return Symbol((), owner.input_shape)
            case Namespace():
                return self.unknown(node, Message("tutorials.undefined", name=name))
        return Method(owner, name)

    def _member(self, owner: Instance, kind: Class, name: str, node: ast.AST) -> Any:
        queue: list[Any] = [kind]
        while queue:
            each = queue.pop(0)
            if isinstance(each, Class):
                if name in each.members:
                    found = each.members[name]
                    return Method(owner, name) if isinstance(found, Function) and not found.static else found
                queue += each.bases
        if owner.network is not None:
            return Method(owner, name)
        return self.unknown(node, Message("tutorials.undefined", name=name))

    def _call(self, node: ast.Call) -> Any:
        function = self.evaluate(node.func)
        return self._called(function, *self._arguments(node), node)

    def _called(self, function: Any, given: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
        match function:
            case Unknown():
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
        if name == "super":
            return Namespace({"__init__": Reference("builtins.print"), "build": Reference("builtins.print")})
        if name == "getattr" and len(given) >= 2 and isinstance(given[1], str):
            return self.attribute(given[0], given[1], node)
        if name == "vars" and given and isinstance(given[0], Namespace):
            return given[0].values
        if name == "len" and given and isinstance(given[0], Array):
            return given[0].shape[0]
        for each in given:
            if isinstance(each, Unknown):
                return each
        if name in ("float", "int", "list", "tuple") and given and isinstance(given[0], Array):
            return given[0]
        if name not in _BUILTINS or not all(isinstance(each, PLAIN) for each in (*given, *named.values())):
            return self.unknown(node, Message("tutorials.not_constant"))
        if any(_is_long(each) for each in given):
            return self.unknown(node, Message("tutorials.too_long"))
        try:
            value = _BUILTINS[name](*given, **named)
            return value if isinstance(value, PLAIN) else list(value)
        except Exception:
            return self.unknown(node, Message("tutorials.not_constant"))

    def _method(self, owner: Any, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        if isinstance(owner, Array):
            found = arrays.method(owner, name, given, named)
            if isinstance(found, Array) and name in ("reshape", "resize"):
                self._mark_rotation(found.shape[1:], node.args[0] if len(node.args) == 1 else node)
            return self.unknown(node, Message("tutorials.not_constant")) if found is None else found
        known = _TEXT_METHODS if isinstance(owner, str) else _DICT_METHODS if isinstance(owner, dict) else _LIST_METHODS
        if isinstance(owner, str | list | dict):
            if name not in known or not _is_small(owner, given):
                return self.unknown(node, Message("tutorials.not_constant"))
            try:
                value = getattr(owner, name)(*given, **named)
            except Exception:
                return self.unknown(node, Message("tutorials.not_constant"))
            value = list(value) if isinstance(owner, dict) and name in ("keys", "values", "items") else value
            return self._bounded(value, node)
        return self.call_method(owner, name, given, named, node)

    def _mark_rotation(self, shape: Sequence[int | None], node: ast.AST) -> None:
        """Remember where one image's shape is written channels first."""
        if is_channels_first(shape):
            self.rotations.add((getattr(node, "lineno", 0), getattr(node, "col_offset", 0)))

    def _bounded(self, value: Any, node: ast.AST) -> Any:
        too_long = isinstance(value, str | bytes | list | tuple | dict | set) and len(value) > _LONGEST
        too_large = isinstance(value, int) and abs(value) > 10**30
        return self.unknown(node, Message("tutorials.too_long")) if too_long or too_large else value

    def _tuple(self, node: ast.Tuple) -> Any:
        items = tuple(self._items(node.elts))
        if len(items) in (3, 4) and all(isinstance(each, int | type(None)) for each in items):
            self._mark_rotation(items[-3:], node)
        return items

    def _list(self, node: ast.List) -> Any:
        return list(self._items(node.elts))

    def _set(self, node: ast.Set) -> Any:
        try:
            return set(self._items(node.elts))
        except TypeError:
            return self.unknown(node, Message("tutorials.not_constant"))

    def _items(self, nodes: Sequence[ast.expr]) -> list[Any]:
        items: list[Any] = []
        for each in nodes:
            value = self.evaluate(each.value if isinstance(each, ast.Starred) else each)
            items += list(value) if isinstance(each, ast.Starred) and isinstance(value, list | tuple) else [value]
        return items

    def _dict(self, node: ast.Dict) -> Any:
        found: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            worth = self.evaluate(value)
            if key is None:
                found |= worth if isinstance(worth, dict) else {}
            elif isinstance(name := self.evaluate(key), str | int | float | bool | tuple):
                found[name] = worth
        return found

    def _binop(self, node: ast.BinOp) -> Any:
        return self.binary(node.op, self.evaluate(node.left), self.evaluate(node.right), node)

    def binary(self, kind: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """The value of an operation with two operands."""
        sign = _SIGNS.get(type(kind), "?")
        if isinstance(left, Array):
            return arrays.scaled(left, sign, right)
        if isinstance(right, Array) and not isinstance(left, Unknown):
            return arrays.scaled(right, sign, left, reverse=True)
        for each in (left, right):
            if isinstance(each, Unknown):
                return each
        if isinstance(left, Symbol) or isinstance(right, Symbol):
            layers = left.layers if isinstance(left, Symbol) else right.layers
            return Symbol(layers, None, branches=True)
        work = _BINARY.get(type(kind))
        if work is None or not isinstance(left, PLAIN) or not isinstance(right, PLAIN):
            return self.unknown(node, Message("tutorials.not_constant"))
        if isinstance(kind, ast.Pow) and not _small_power(left, right):
            return self.unknown(node, Message("tutorials.too_long"))
        if isinstance(kind, ast.Mult) and not _small_product(left, right):
            return self.unknown(node, Message("tutorials.too_long"))
        if isinstance(kind, ast.Mod) and isinstance(left, str) and not _is_small(left, ()):
            return self.unknown(node, Message("tutorials.too_long"))
        try:
            return self._bounded(work(left, right), node)
        except Exception:
            return self.unknown(node, Message("tutorials.not_constant"))

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.evaluate(node.operand)
        if isinstance(value, Unknown):
            return value
        try:
            return _UNARY[type(node.op)](value)
        except TypeError:
            return self.unknown(node, Message("tutorials.not_constant"))

    def _boolop(self, node: ast.BoolOp) -> Any:
        stops = isinstance(node.op, ast.Or)
        value: Any = None
        for each in node.values:
            value = self.evaluate(each)
            if isinstance(value, Unknown) or bool(value) is stops:
                return value
        return value

    def _compare(self, node: ast.Compare) -> Any:
        left = self.evaluate(node.left)
        for kind, each in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(each)
            for value in (left, right):
                if isinstance(value, Unknown):
                    return value
            if isinstance(left, Array) or isinstance(right, Array):
                return self.unknown(node, Message("tutorials.not_constant"))
            try:
                if not _COMPARISONS[type(kind)](left, right):
                    return False
            except TypeError:
                return self.unknown(node, Message("tutorials.not_constant"))
            left = right
        return True

    def _ifexp(self, node: ast.IfExp) -> Any:
        test = self.evaluate(node.test)
        if isinstance(test, Unknown):
            return test
        return self.evaluate(node.body if test else node.orelse)

    def _joinedstr(self, node: ast.JoinedStr) -> Any:
        parts = [self.evaluate(each) for each in node.values]
        for each in parts:
            if isinstance(each, Unknown):
                return each
        return self._bounded("".join(map(str, parts)), node)

    def _formattedvalue(self, node: ast.FormattedValue) -> Any:
        value = self.evaluate(node.value)
        if not isinstance(value, str | int | float | bool):
            return value if isinstance(value, Unknown) else self.unknown(node, Message("tutorials.not_constant"))
        form = self.evaluate(node.format_spec) if node.format_spec else ""
        if not isinstance(form, str) or len(form) > 10 or any(len(digits) > 3 for digits in form.split(".")):
            return str(value)
        try:
            return format(value, form)
        except ValueError:
            return str(value)

    def _subscript(self, node: ast.Subscript) -> Any:
        owner, key = self.evaluate(node.value), self.evaluate(node.slice)
        if isinstance(owner, Unknown):
            return owner
        if isinstance(owner, Array):
            found = arrays.pick(owner, key)
            if isinstance(key, tuple) and len(key) == 4 and key[1] is None and isinstance(found, Array):
                self._mark_rotation(found.shape[1:], node)
            return found
        if isinstance(owner, Namespace) and isinstance(key, str):
            return owner.values.get(key, self.unknown(node, Message("tutorials.undefined", name=key)))
        if isinstance(key, Unknown):
            return key
        try:
            if isinstance(owner, str | bytes | list | tuple | dict | range):
                return owner[key]
        except (TypeError, KeyError, IndexError, ValueError):
            pass
        return self.unknown(node, Message("tutorials.not_constant"))

    def _slice(self, node: ast.Slice) -> Any:
        return slice(*(self.evaluate(each) if each else None for each in (node.lower, node.upper, node.step)))

    def _lambda(self, node: ast.Lambda) -> Any:
        return Function(node, self.scope)

    def _namedexpr(self, node: ast.NamedExpr) -> Any:
        value = self.evaluate(node.value)
        self.scope.put(node.target.id, value)
        return value

    def _starred(self, node: ast.Starred) -> Any:
        return self.evaluate(node.value)

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp) -> Any:
        found: list[Any] = []
        outside, self.scope = self.scope, Scope(outer=self.scope)
        try:
            problem = self._comprehend(node.generators, lambda: found.append(self.evaluate(node.elt)))
        finally:
            self.scope = outside
        return found if problem is None else problem

    _generatorexp = _listcomp

    def _dictcomp(self, node: ast.DictComp) -> Any:
        found: dict[Any, Any] = {}

        def put() -> None:
            key = self.evaluate(node.key)
            if isinstance(key, str | int | float | bool):
                found[key] = self.evaluate(node.value)

        outside, self.scope = self.scope, Scope(outer=self.scope)
        try:
            problem = self._comprehend(node.generators, put)
        finally:
            self.scope = outside
        return found if problem is None else problem

    def _comprehend(self, loops: Sequence[ast.comprehension], inner: Callable[[], None]) -> Unknown | None:
        first, *others = loops
        items = self.evaluate(first.iter)
        if not isinstance(items, list | tuple | range | dict | str) or _is_long(items):
            return items if isinstance(items, Unknown) else self.unknown(first.iter, Message("tutorials.not_constant"))
        for each in items:
            self.assign(first.target, each)
            if all(self.evaluate(test) is True for test in first.ifs):
                if not others:
                    inner()
                elif problem := self._comprehend(others, inner):
                    return problem
        return None

    def assign(self, target: ast.expr, value: Any) -> None:
        """Give a value to a name, an attribute, an item, or to several of them."""
        match target:
            case ast.Name(id=name):
                self.scope.put(name, value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self._unpack(parts, value)
            case ast.Attribute(value=owner, attr=name):
                found = self.evaluate(owner)
                if isinstance(found, Instance):
                    found.attributes[name] = value
                elif isinstance(found, Namespace):
                    found.values[name] = value
                elif isinstance(found, Network) and name == "trainable":
                    pass
            case ast.Subscript(value=owner, slice=key):
                found, place = self.evaluate(owner), self.evaluate(key)
                is_item = isinstance(found, list) and isinstance(place, int) and -len(found) <= place < len(found)
                if is_item or (isinstance(found, dict) and isinstance(place, str | int)):
                    found[place] = value
            case ast.Starred(value=inner):
                self.assign(inner, value)

    def _unpack(self, parts: Sequence[ast.expr], value: Any) -> None:
        if isinstance(value, Array) and len(parts) <= 4 and value.content != "table":
            value = None
        if isinstance(value, list | tuple) and len(value) == len(parts):
            for part, each in zip(parts, value, strict=True):
                self.assign(part, each)
            return
        unknown = value if isinstance(value, Unknown) else self.unknown(parts[0], Message("tutorials.not_constant"))
        for part in parts:
            self.assign(part, unknown)


def is_channels_first(shape: Sequence[int | None]) -> bool:
    """Whether this is an image's shape with the channels before rows and columns."""
    if len(shape) != 3:
        return False
    channels, height, width = shape
    return channels in (1, 3) and all(side is not None and side >= 8 for side in (height, width))


def _small_power(left: Any, right: Any) -> bool:
    return isinstance(left, int | float) and isinstance(right, int | float) and abs(left) < 1e6 and abs(right) < 20


def _small_product(left: Any, right: Any) -> bool:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, str | bytes | list | tuple):
            return isinstance(other, int) and len(one) * max(other, 0) <= _LONGEST
    return True


def _is_long(value: Any) -> bool:
    """Whether going through a value would take long; a range may have more items than Python counts."""
    try:
        return hasattr(value, "__len__") and len(value) > _LONGEST
    except OverflowError:
        return True


def _is_small(owner: Any, given: Sequence[Any]) -> bool:
    """Whether a method of a text or list makes a short one: `"{:>999999}"` and the like do not."""
    if not isinstance(owner, str):
        return True
    sizes = [len(each) if isinstance(each, str) else sum(map(len, map(str, each))) if isinstance(each, list) else 1
             for each in given]  # fmt: skip
    return (
        not re.search(r"\d{4}", owner if "{" in owner or "%" in owner else "") and (len(owner) + 1) * sum(sizes) < 1e6
    )
