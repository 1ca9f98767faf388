"""The values a setting may take: a rule for each kind of value, for code, links and the command line.

A rule reads a typed value or text and returns the value in canonical form; it raises Advice for any other.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Protocol, get_args, get_origin, get_type_hints

from core.errors import Advice
from core.text import Message


class Rule(Protocol):
    """Reads and writes values of one kind."""

    def read(self, value: Any) -> Any:
        """The value in canonical form; raises Advice."""

    def write(self, value: Any) -> str:
        """The text that `read` turns back into the value."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Whole(Rule):
    """A whole number from low to high, both included."""

    low: int
    high: int

    def read(self, value: Any) -> int:
        number = _number(value)
        if number is None or number != int(number) or not self.low <= number <= self.high:
            raise Advice("rules.whole", low=self.low, high=self.high)
        return int(number)


@dataclass(frozen=True, slots=True)
class Number(Rule):
    """A number from low to high, both included."""

    low: float
    high: float
    example: float

    def read(self, value: Any) -> float:
        number = _number(value)
        if number is None or not self.low <= number <= self.high:
            raise Advice("rules.number", low=_plain(self.low), high=_plain(self.high), example=_plain(self.example))
        return number

    def write(self, value: float) -> str:
        return _plain(value)


@dataclass(frozen=True, slots=True)
class Choice(Rule):
    """One of a few words."""

    options: tuple[str, ...]

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise Advice("rules.choice", options=self.options)
        return value


@dataclass(frozen=True, slots=True)
class Flag(Rule):
    """Yes or no."""

    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise Advice("rules.flag")

    def write(self, value: bool) -> str:
        return str(value).lower()


@dataclass(frozen=True, slots=True)
class Listing(Rule):
    """A list whose items all follow one rule; as text, separated by commas."""

    item: Rule
    shortest: int
    longest: int
    example: str

    def read(self, value: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",")] if value.strip() else []
        if not isinstance(value, Sequence) or not self.shortest <= len(value) <= self.longest:
            raise Advice(self._advice)
        try:
            return tuple(self.item.read(part) for part in value)
        except Advice as error:
            raise Advice("rules.detail", advice=self._advice, detail=error.message) from None

    def write(self, value: Sequence[Any]) -> str:
        return ",".join(self.item.write(part) for part in value)

    @property
    def _advice(self) -> Message:
        return Message("rules.listing", shortest=self.shortest, longest=self.longest, example=self.example)


class WithRules:
    """A dataclass whose fields declare their rules: `Annotated[type, rule]`, `Literal[...]` or `bool`."""

    __slots__ = ()

    rules: ClassVar[Mapping[str, Rule]]
    """The rule of each field that declares one, in the fields' order."""

    def __init_subclass__(cls) -> None:
        hints = get_type_hints(cls, include_extras=True)
        cls.rules = {name: rule for name, hint in hints.items() if (rule := _declared(hint))}


def _declared(hint: Any) -> Rule | None:
    if get_origin(hint) is Annotated:
        rule: Rule = hint.__metadata__[0]
        return rule
    if get_origin(hint) is Literal:
        return Choice(get_args(hint))
    return Flag() if hint is bool else None


def _number(value: Any) -> float | None:
    """The finite number that a value stands for, or None; True and False are not numbers here."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    # stricter than Python, which also reads "1_000" and "infinity"
    if isinstance(value, str) and not re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", value):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _plain(value: float) -> str:
    """The shortest text for a number, with an exponent only where a person would write one."""
    text = repr(float(value))
    if "e" in text:
        text = f"{value:.12f}".rstrip("0") if abs(value) < 1 else f"{value:g}"
        return text if float(text) == value else repr(float(value))
    return text.removesuffix(".0")
