"""What an expression of a script is worth, read from its syntax tree alone."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays
from core.tutorials.names import MERGES, USUAL, home, keras_path, known_names, meant
from core.tutorials.notes import Notes
from core.tutorials.values import (
    Array,
    Class,
    Function,
    Instance,
    Method,
    Namespace,
    Network,
    Partial,
    Rate,
    Reference,
    Scope,
    Symbol,
    Unknown,
)

MOST_STEPS = 400_000
"""Expressions that are read, so that a loop ends."""
LONGEST = 10_000
"""Items of a list or characters of a text that a script may make."""
BUILTINS: Mapping[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (abs, bool, dict, enumerate, float, int, len, list, max, min, range, reversed, round, set, sorted, str)
} | {each.__name__: each for each in (sum, tuple, zip, any, all)}
_KNOWN = {"print", "input", "raw_input", "super", "isinstance", "type", "vars", "getattr", "hasattr", "next", "iter"}
_KNOWN |= {
    "setattr",
    "open",
    "map",
    "filter",
    "object",
    "Exception",
    "ValueError",
    "exit",
    "quit",
    "slice",
    "property",
    "globals",
}
"""Python's own names that are not followed, or followed in their own way."""


class TooMuch(Exception):
    """The script would take too long to follow."""


class Evaluator:
    """Names and attributes; subclasses know containers, operations, calls and statements."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.scope = Scope()
        self.stars: list[str] = []
        """Modules of which every name was imported."""
        self.rotations: set[tuple[int, int]] = set()
        """Line and column of each shape that is written channels first."""
        self.missing_imports: list[str] = []
        self.flags: dict[str, Any] = {}
        """The options that a script defines with absl or TensorFlow, with their defaults."""
        self.tracked = Namespace({})
        """The settings that a script gives to Weights & Biases, and reads back."""
        self.unknown_tests = 0
        """Conditions around a training that were met and are not known."""
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

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        try:
            return self.scope.find(node.id)
        except KeyError:
            pass
        if node.id in BUILTINS or node.id in _KNOWN:
            return Reference(f"builtins.{node.id}")
        if node.id == "__name__":
            return "__main__"
        if node.id == "xrange":
            return Reference("builtins.range")
        if self.stars and node.id in known_names():
            root = "tensorflow.keras" if self.stars[-1].startswith("tensorflow") else "keras"
            return Reference(home(node.id).replace("keras", root, 1) + f".{node.id}")
        if node.id in MERGES and any("layers" in module for module in self.stars):
            return Reference(f"keras.layers.{node.id}")
        if USUAL.get(node.id, "").startswith("keras") and any(keras_path(module) == "" for module in self.stars):
            return Reference(USUAL[node.id])
        if node.id in USUAL or node.id in known_names():
            if node.id not in self.missing_imports:
                self.missing_imports.append(node.id)
                module = USUAL.get(node.id) or f"{home(node.id)}.{node.id}"
                self.notes.guess(Message("tutorials.not_imported", name=node.id, module=module), node.lineno)
            return Reference(USUAL.get(node.id) or f"{home(node.id)}.{node.id}")
        # a name may come from a module of which everything was imported
        foreign = any(keras_path(module) is None for module in self.stars)
        if node.id[0].isupper() and not foreign and (better := meant(node.id, known_names())):
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
            case Reference("numpy" | "tensorflow") if name == "newaxis":
                return None
            case Reference(path) if path.endswith("flags.FLAGS") and name in self.flags:
                return self.flags[name]
            case Reference("wandb") if name == "config":
                return self.tracked
            case Reference(path):
                return Reference(f"{path}.{name}")
            case Array():
                found = arrays.attribute(owner, name)
                return Method(owner, name) if found is None else found
            case Namespace(values) | Instance(attributes=values) if name in values:
                return values[name]
            case Instance(kind=kind):
                return self._member(owner, kind, name, node)
            case Class():
                return self._class_member(owner, name, node)
            case Symbol(layers=layers) if name in ("output", "input"):
                return owner if layers is not None else None
            case Network() if name == "optimizer":
                return Rate(owner)
            case Rate() if name in ("lr", "learning_rate"):
                return owner
            case Network() if name in ("output", "outputs"):
                return Symbol(tuple(owner.layers), owner.input_shape)
            case Network() if name == "layers":
                return list(owner.layers)
            case Network() if name in ("input", "inputs"):
                return Symbol((), owner.input_shape)
            case Namespace():
                return self.unknown(node, Message("tutorials.undefined", name=name))
        return Method(owner, name)

    def _class_member(self, owner: Class, name: str, node: ast.AST) -> Any:
        found = owner.members.get(name, self.unknown(node, Message("tutorials.undefined", name=name)))
        return Partial(found, (owner,), {}) if isinstance(found, Function) and found.kind == "class" else found

    def _member(self, owner: Instance, kind: Class, name: str, node: ast.AST) -> Any:
        queue: list[Any] = [kind]
        while queue:
            each = queue.pop(0)
            if isinstance(each, Class):
                if name in each.members:
                    found = each.members[name]
                    if isinstance(found, Function) and found.kind == "class":
                        return Partial(found, (kind,), {})
                    return Method(owner, name) if isinstance(found, Function) and found.kind != "static" else found
                queue += each.bases
        if owner.network is not None:
            return Method(owner, name)
        return self.unknown(node, Message("tutorials.undefined", name=name))

    def _mark_rotation(self, shape: Sequence[int | None], node: ast.AST) -> None:
        """Remember where one image's shape is written channels first."""
        if is_channels_first(shape):
            self.rotations.add((getattr(node, "lineno", 0), getattr(node, "col_offset", 0)))

    def _bounded(self, value: Any, node: ast.AST) -> Any:
        too_long = isinstance(value, str | bytes | list | tuple | dict | set) and len(value) > LONGEST
        too_large = isinstance(value, int) and abs(value) > 10**30
        return self.unknown(node, Message("tutorials.too_long")) if too_long or too_large else value

    def _lambda(self, node: ast.Lambda) -> Any:
        return Function(node, self.scope)

    def _namedexpr(self, node: ast.NamedExpr) -> Any:
        value = self.evaluate(node.value)
        self.scope.put(node.target.id, value)
        return value

    def _starred(self, node: ast.Starred) -> Any:
        return self.evaluate(node.value)


def is_channels_first(shape: Sequence[int | None]) -> bool:
    """Whether this is an image's shape with the channels before rows and columns."""
    if len(shape) != 3:
        return False
    channels, height, width = shape
    return channels in (1, 3) and all(side is not None and side >= 8 for side in (height, width))


def is_long(value: Any) -> bool:
    """Whether going through a value would take long; a range may have more items than Python counts."""
    try:
        return hasattr(value, "__len__") and len(value) > LONGEST
    except OverflowError:
        return True
