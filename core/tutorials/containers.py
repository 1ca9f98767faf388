"""What lists, tuples and dictionaries of a script hold, and what assignments put into them."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays
from core.tutorials.evaluator import Evaluator, is_long
from core.tutorials.values import Array, Instance, Layer, Made, Namespace, Network, Rate, Scope, Unknown


class Containers(Evaluator):
    """Containers, comprehensions and assignments; subclasses know operations, calls and statements."""

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

    def _subscript(self, node: ast.Subscript) -> Any:
        owner, key = self.evaluate(node.value), self.evaluate(node.slice)
        if isinstance(owner, Unknown):
            return owner
        if isinstance(owner, Made) and owner.name == "eye" and isinstance(key, Array):
            return arrays.one_hot(key, owner.arguments[0] if owner.arguments else None)
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

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp) -> Any:
        found: list[Any] = []
        outside, self.scope = self.scope, Scope(outer=self.scope)
        try:
            problem = self._comprehend(node.generators, lambda: found.append(self.evaluate(node.elt)))
        finally:
            self.scope = outside
        return found if problem is None else problem

    def _generatorexp(self, node: ast.GeneratorExp) -> Any:
        return self._listcomp(node)

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
        if not isinstance(items, list | tuple | range | dict | str) or is_long(items):
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
                elif isinstance(found, Rate):
                    set_rate(found, value)
                elif isinstance(found, Namespace):
                    found.values[name] = value
                elif name == "trainable" and value is False and isinstance(found, Network | Layer):
                    self.notes.guess(Message("tutorials.frozen"), target.lineno)
            case ast.Subscript(value=owner, slice=key):
                found, place = self.evaluate(owner), self.evaluate(key)
                if isinstance(found, Array) and found.content == "images" and isinstance(owner, ast.Name):
                    # pixels that are replaced are scaled in no way that is known
                    self.scope.put(owner.id, replace(found, scale=None, offset=None))
                is_item = isinstance(found, list) and isinstance(place, int) and -len(found) <= place < len(found)
                if is_item or (isinstance(found, dict) and isinstance(place, str | int)):
                    found[place] = value
            case ast.Starred(value=inner):
                self.assign(inner, value)

    def _unpack(self, parts: Sequence[ast.expr], value: Any) -> None:
        if isinstance(value, Array) and len(parts) <= 4 and value.content != "table":
            value = None
        star = next((place for place, part in enumerate(parts) if isinstance(part, ast.Starred)), None)
        if star is not None and isinstance(value, list | tuple) and len(value) >= len(parts) - 1:
            after = len(value) - (len(parts) - 1 - star)
            value = [*value[:star], list(value[star:after]), *value[after:]]
        if isinstance(value, list | tuple) and len(value) == len(parts):
            for part, each in zip(parts, value, strict=True):
                self.assign(part, each)
            return
        unknown = value if isinstance(value, Unknown) else self.unknown(parts[0], Message("tutorials.not_constant"))
        for part in parts:
            self.assign(part, unknown)


def set_rate(rate: Rate, value: Any) -> None:
    """Give a compiled network another learning rate."""
    if rate.network.compiled is not None:
        rate.network.compiled = replace(rate.network.compiled, rate=value)
