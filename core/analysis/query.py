"""Filter a table by a condition in the syntax of `pandas.DataFrame.query`, such as `label == 5 & predict != 5`.

pandas' own `query` calls any method that the text names, which is unsafe for text from a link. Here the text is parsed,
and only the operations in this module are computed.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import pandas as pd

from core.errors import DigitLabError

MOST_CHARACTERS = 500
DEEPEST = 30
"""The most parts of a condition inside each other."""

_QUOTED = 60
"""The most characters of a part that a message repeats."""

Columns = Mapping[str, "pd.Series[Any]"]
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_JOINS: dict[type[ast.boolop], Callable[[Any, Any], Any]] = {ast.And: operator.and_, ast.Or: operator.or_}
_MEMBERSHIP: dict[type[ast.cmpop], bool] = {ast.In: True, ast.Eq: True, ast.NotIn: False, ast.NotEq: False}
"""Whether a column compared with a list must be in it; as in pandas, `==` and `!=` mean `in` and `not in` there."""
_ENDS = ("both", "neither", "left", "right")
_BACKTICKS = re.compile(r"`([^`]*)`")
_ASSIGNED = re.compile(r"(?<![=!<>])=(?!=)")


def matching(table: pd.DataFrame, condition: str) -> pd.DataFrame:
    """The rows that satisfy a condition on numbers, the columns and `index`; all rows if it is empty.

    Allows == != < <= > >=, also chained; in and not in a list, .isin([…]), .between(a, b); and, or, not, & | ~ and
    parentheses, where & and | bind as `and` and `or` do; names in backticks. Raises DigitLabError for anything else.
    """
    if not condition.strip():
        return table
    if len(condition) > MOST_CHARACTERS:
        raise DigitLabError("query.too_long", most=MOST_CHARACTERS)
    columns: Columns = {"index": table.index.to_series(), **{str(name): table[name] for name in table.columns}}
    written = _without_operators(condition.strip(), columns)
    try:
        tree = ast.parse(written, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        key = "query.assigned" if _ASSIGNED.search(written) else "query.not_understood"
        raise DigitLabError(key, condition=_short(condition.strip())) from None
    return table[_Reader(written, columns).mask(tree.body, 0)]


def _without_operators(condition: str, columns: Columns) -> str:
    """The condition with & and | as `and` and `or`, which bind after comparisons, and without backticks.

    As in pandas, which therefore reads `a and b | c` as `(a and b) | c`.
    """

    def name(quoted: re.Match[str]) -> str:
        if quoted[1] not in columns:
            raise _unknown(quoted[1], columns)
        return f" {quoted[1]} "

    return _BACKTICKS.sub(name, condition).replace("&", " and ").replace("|", " or ").strip()


class _Reader:
    """Computes the parts of a condition; `depth` counts the parts around one."""

    def __init__(self, written: str, columns: Columns) -> None:
        self._written = written
        self._columns = columns
        self._index = columns["index"].index

    def mask(self, node: ast.expr, depth: int) -> "pd.Series[bool]":
        """The rows for which a condition holds."""
        if depth > DEEPEST:
            raise DigitLabError("query.too_deep", most=DEEPEST)
        match node:
            case ast.BoolOp(op=join, values=values):
                return reduce(_JOINS[type(join)], [self.mask(value, depth + 1) for value in values])
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                return ~self.mask(operand, depth + 1)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self._side(side) for side in (left, *others)]
                if not any(isinstance(side, pd.Series) for side in sides):
                    raise DigitLabError("query.no_column", part=self._text(node), columns=tuple(self._columns))
                pairs = zip(ops, sides, sides[1:], strict=False)
                return reduce(operator.and_, [self._compared(op, a, b, node) for op, a, b in pairs])
            case ast.Call(func=ast.Attribute(value=ast.Name() as column, attr="isin"), args=[values], keywords=[]):
                return self._column(column).isin(self._numbers(values))
            case ast.Call(func=ast.Attribute(value=ast.Name() as column, attr="between"), args=[low, high]):
                ends = self._ends(node)
                return self._column(column).between(self._number(low), self._number(high), inclusive=ends)
            case ast.Name() | ast.Constant():
                self._side(node)
                raise DigitLabError("query.alone", part=self._text(node))
        raise DigitLabError("query.not_allowed", part=self._text(node))

    def _compared(self, comparison: ast.cmpop, left: Any, right: Any, node: ast.expr) -> "pd.Series[bool]":
        if isinstance(left, pd.Series) and isinstance(right, list) and type(comparison) in _MEMBERSHIP:
            return left.isin(right) == _MEMBERSHIP[type(comparison)]
        if isinstance(left, list) or isinstance(right, list) or type(comparison) not in _COMPARISONS:
            raise DigitLabError("query.list", part=self._text(node))
        return pd.Series(_COMPARISONS[type(comparison)](left, right), index=self._index, dtype=bool)

    def _side(self, node: ast.expr) -> Any:
        """A column, a number, or a list of numbers."""
        match node:
            case ast.Name():
                return self._column(node)
            case ast.List() | ast.Tuple():
                return self._numbers(node)
        return self._number(node)

    def _column(self, node: ast.Name) -> "pd.Series[Any]":
        if node.id not in self._columns:
            raise _unknown(node.id, self._columns)
        return self._columns[node.id]

    def _numbers(self, node: ast.expr) -> list[float]:
        if not isinstance(node, ast.List | ast.Tuple):
            raise DigitLabError("query.no_list", part=self._text(node))
        return [self._number(each) for each in node.elts]

    def _number(self, node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return value
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant() as operand):
                value = self._number(operand)
                return -value if isinstance(sign, ast.USub) else value
        raise DigitLabError("query.no_number", part=self._text(node))

    def _ends(self, call: ast.Call) -> Any:
        """Which ends of the range belong to it, as `Series.between` names them."""
        match call.keywords:
            case []:
                return "both"
            case [ast.keyword(arg="inclusive", value=ast.Constant(value=str() as ends))] if ends in _ENDS:
                return ends
        raise DigitLabError("query.not_allowed", part=self._text(call))

    def _text(self, node: ast.expr) -> str:
        """The part as written; not by `ast.unparse`, which deep nesting could exhaust."""
        return _short(" ".join((ast.get_source_segment(self._written, node) or "").split()))


def _unknown(name: str, columns: Columns) -> DigitLabError:
    return DigitLabError("query.unknown", name=_short(name), columns=tuple(columns))


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
