"""What operators of a script make of values that are known."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials import arrays
from core.tutorials.containers import Containers
from core.tutorials.evaluator import LONGEST
from core.tutorials.values import (
    PLAIN,
    Array,
    Numbers,
    Symbol,
    Unknown,
)

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


class Operations(Containers):
    """Arithmetic, comparisons and texts, as far as they stay small."""

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
        if isinstance(left, Numbers) or isinstance(right, Numbers):
            return self._each_number(kind, left, right, node)
        work = _BINARY.get(type(kind))
        if work is None or not isinstance(left, PLAIN) or not isinstance(right, PLAIN):
            return self.unknown(node, Message("tutorials.not_constant"))
        if isinstance(kind, ast.Pow) and not _small_power(left, right):
            return self.unknown(node, Message("tutorials.too_long"))
        if isinstance(kind, ast.Mult) and not _small_product(left, right):
            return self.unknown(node, Message("tutorials.too_long"))
        if isinstance(kind, ast.Mod) and isinstance(left, str) and not is_small(left, ()):
            return self.unknown(node, Message("tutorials.too_long"))
        try:
            return self._bounded(work(left, right), node)
        except Exception:
            return self.unknown(node, Message("tutorials.not_constant"))

    def _each_number(self, kind: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """What an operator makes of a small array's numbers, with one number or as many."""
        several = [each for each in (left, right) if isinstance(each, list | tuple)]
        count = max(map(len, several))
        pairs = [each if isinstance(each, list | tuple) else [each] * count for each in (left, right)]
        found = Numbers()
        if all(len(each) == count for each in pairs):
            for one, other in zip(*pairs, strict=True):
                known = isinstance(one, int | float) and isinstance(other, int | float)
                value = self.binary(kind, one, other, node) if known else None
                if not isinstance(value, int | float):
                    return self.unknown(node, Message("tutorials.not_constant")) if value is None else value
                found.append(value)
        return found if len(found) == count else self.unknown(node, Message("tutorials.not_constant"))

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.evaluate(node.operand)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Numbers) and isinstance(node.op, ast.USub):
            return self._each_number(ast.Mult(), value, -1, node)
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
                if (vectors := arrays.compared(left, right)) and isinstance(kind, ast.Eq):
                    return vectors
                return self.unknown(node, Message("tutorials.condition"))
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


def _small_power(left: Any, right: Any) -> bool:
    return isinstance(left, int | float) and isinstance(right, int | float) and abs(left) < 1e6 and abs(right) < 20


def _small_product(left: Any, right: Any) -> bool:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, str | bytes | list | tuple):
            return isinstance(other, int) and len(one) * max(other, 0) <= LONGEST
    return True


def is_small(owner: Any, given: Sequence[Any]) -> bool:
    """Whether a method of a text or list makes a short one: `"{:>999999}"` and the like do not."""
    if not isinstance(owner, str):
        return True
    sizes = [len(each) if isinstance(each, str) else sum(map(len, map(str, each))) if isinstance(each, list) else 1
             for each in given]  # fmt: skip
    return (
        not re.search(r"\d{4}", owner if "{" in owner or "%" in owner else "") and (len(owner) + 1) * sum(sizes) < 1e6
    )
