"""Filter a table by a typed condition such as `label == 5 and predict == 3`.

pandas' own `query` can call any method that the text names, which is unsafe for text from a link.
"""

import ast
import operator
from collections.abc import Callable
from functools import reduce
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
_JOINS: dict[type[ast.AST], Callable[..., "pd.Series[bool]"]] = {
    **dict.fromkeys((ast.And, ast.BitAnd), operator.and_),
    **dict.fromkeys((ast.Or, ast.BitOr), operator.or_),
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
            case ast.BoolOp(op=join, values=values):
                return reduce(_JOINS[type(join)], map(self.mask, values))
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as join, right=right):
                return _JOINS[type(join)](self.mask(left), self.mask(right))
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                return ~self.mask(operand)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self._side(side) for side in (left, *others)]
                if any(isinstance(side, pd.Series) for side in sides):
                    pairs = zip(ops, sides, sides[1:], strict=False)
                    return reduce(operator.and_, (self._compare(op, a, b) for op, a, b in pairs))
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


def _no_condition(condition: str, columns: dict[str, Any]) -> DigitLabError:
    shown = condition if len(condition) <= 60 else f"{condition[:60]}…"
    return DigitLabError("query.not_understood", condition=shown, columns=", ".join(columns))
