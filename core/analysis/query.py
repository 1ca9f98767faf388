"""Filter a table by a typed condition such as `label == 5 and predict == 3`.

pandas' own `query` can call any method that the text names, which is unsafe for text from a link.
"""

import ast
import operator
from collections.abc import Callable
from typing import Any

import pandas as pd

from core.errors import DigitLabError

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def matching(table: pd.DataFrame, condition: str) -> pd.DataFrame:
    """The rows that satisfy a condition on numbers, the columns and `index`; all rows if it is empty.

    Allows == != < <= > >=, combined with and, or, not (also & | ~) and parentheses. Raises DigitLabError for
    anything else.
    """
    if not condition.strip():
        return table
    columns = {"index": table.index.to_series(), **{str(name): table[name] for name in table.columns}}
    try:
        tree = ast.parse(condition.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _no_condition(condition, columns) from None
    mask = _Reader(condition, columns).mask(tree.body)
    return table[mask]


class _Reader:
    def __init__(self, condition: str, columns: dict[str, "pd.Series[Any]"]) -> None:
        self._condition = condition
        self._columns = columns

    def mask(self, node: ast.expr) -> "pd.Series[bool]":
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return _joined(operator.and_, [self.mask(value) for value in values])
            case ast.BoolOp(op=ast.Or(), values=values):
                return _joined(operator.or_, [self.mask(value) for value in values])
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                return _joined(operator.and_, [self.mask(left), self.mask(right)])
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return _joined(operator.or_, [self.mask(left), self.mask(right)])
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                return ~self.mask(operand)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self._side(side) for side in (left, *others)]
                if any(isinstance(side, pd.Series) for side in sides):
                    pairs = zip(ops, sides, sides[1:], strict=False)
                    return _joined(operator.and_, [self._compare(op, a, b) for op, a, b in pairs])
        raise _no_condition(self._condition, self._columns)

    def _compare(self, comparison: ast.cmpop, left: Any, right: Any) -> "pd.Series[bool]":
        compare = _COMPARISONS.get(type(comparison))
        if compare is None:
            raise _no_condition(self._condition, self._columns)
        index = next(iter(self._columns.values())).index
        return pd.Series(compare(left, right), index=index, dtype=bool)

    def _side(self, node: ast.expr) -> Any:
        match node:
            case ast.Name(id=name) if name in self._columns:
                return self._columns[name]
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
        raise _no_condition(self._condition, self._columns)


def _joined(join: Callable[[Any, Any], Any], masks: list["pd.Series[bool]"]) -> "pd.Series[bool]":
    whole = masks[0]
    for mask in masks[1:]:
        whole = join(whole, mask)
    return whole


def _no_condition(condition: str, columns: dict[str, Any]) -> DigitLabError:
    shown = condition if len(condition) <= 60 else f"{condition[:60]}…"
    return DigitLabError("query.not_understood", condition=shown, columns=", ".join(columns))
