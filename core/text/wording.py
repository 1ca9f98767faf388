"""Word a text or message in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Self, Union

from core.text.catalogues import ENGLISH, catalogue, placeholders
from core.text.lines import one_line
from core.text.reader import language, speaking

_AS_WRITTEN = "errors.as_written"
_LONGEST, _LONGEST_VALUE, _DEEPEST, _LARGEST, _MOST = 1_000, 200, 8, 10**15, 100
"""Limits of a message from a file: characters of it and of a value, depth of nested values, largest number, items."""
_STOPS = (".", "。")

Value = Union[str, float, "Message", tuple["Value", ...]]


@dataclass(frozen=True, init=False)
class Message:
    """A text to be worded where it is shown: its key in the catalogue, and the values of its `{name}` fields.

    A value is a number, another message, which becomes a clause, a list of values, or a text, which becomes one line.
    `str` gives the message in English, for logs and files.
    """

    key: str
    values: Mapping[str, Value] = field(hash=False)

    def __init__(self, key: str, /, **values: object) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", {name: _kept(value) for name, value in values.items()})

    def __str__(self) -> str:
        with speaking(ENGLISH):
            return say(self)

    def to_json(self) -> dict[str, Any]:
        # a sentence on one thing does not name its count, and `from_json` takes no value that a text does not have
        said = placeholders(self.key)
        return {"key": self.key, "values": {name: _to_json(self.values[name]) for name in self.values if name in said}}

    @classmethod
    def from_json(cls, written: object) -> Self | None:
        """The message that `to_json` wrote, long texts cut; None for an unknown key or another value."""
        try:
            message = cls._value(written, 0)
            str(message)
        except (LookupError, TypeError, ValueError, AttributeError):
            return None
        return message if isinstance(message, cls) else None

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self | None:
        """The message that `stored` put in a file, or its text if the key is unknown; raises TypeError."""
        text = fields.get("message", "")
        if not isinstance(text, str):
            raise TypeError(text)
        return cls.from_json(fields.get("said")) or (cls(_AS_WRITTEN, text=text[:_LONGEST]) if text else None)

    @classmethod
    def _value(cls, written: Any, depth: int) -> Value:
        if isinstance(written, str):
            return written[:_LONGEST_VALUE]
        if isinstance(written, int | float) and -_LARGEST <= written <= _LARGEST:
            return written
        if depth == _DEEPEST:
            raise ValueError(written)
        if isinstance(written, list):
            return tuple(cls._value(value, depth + 1) for value in written[:_MOST])
        key, values = written["key"], written["values"]
        if placeholders(key) != values.keys():
            raise ValueError(key)
        return cls(key, **{name: cls._value(value, depth + 1) for name, value in values.items()})


def say(text: str | Message, /, **values: Any) -> str:
    """The text of a key, with `{name}` fields filled from values, or the text of a message.

    Raises KeyError for an unknown key.
    """
    if isinstance(text, Message):
        return say(text.key, **text.values)
    template = catalogue(language())[text]
    if not values:
        return template
    return template.format(**{name: _worded(value) for name, value in values.items()})


def clause(message: Message) -> str:
    """The message without its full stop, as part of another sentence."""
    said = say(message)
    return said[:-1] if said.endswith(_STOPS) else said


def listed(items: Iterable[object]) -> str:
    """The items in one line, separated as the language separates them: `a, b`."""
    return _joined("lists.items", items)


def grouped(items: Iterable[object]) -> str:
    """Items that are lists themselves, in one line: `a: 1, 2; b: 3`."""
    return _joined("lists.groups", items)


def named(name: str, value: str) -> str:
    """A value after its name: `a: 1`."""
    return say("lists.named", name=name, value=value)


def sentences(parts: Iterable[object]) -> str:
    """Sentences one after the other."""
    return _joined("lists.sentences", parts)


def stored(message: Message | None) -> dict[str, Any]:
    """A message as two fields of a file: `message` in English, for other programs, and `said` with key and values."""
    said = {"said": message.to_json()} if message and message.key != _AS_WRITTEN else {}
    return {"message": str(message or ""), **said}


def _joined(key: str, items: Iterable[object]) -> str:
    texts = [str(_worded(item)) for item in items]
    return reduce(lambda first, second: say(key, first=first, second=second), texts) if texts else ""


def _worded(value: Any) -> Any:
    if isinstance(value, Message):
        return clause(value)
    return listed(value) if isinstance(value, tuple) else value


def _kept(value: object) -> Value:
    if isinstance(value, int | float | Message):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_kept(item) for item in value)
    return one_line(str(value))


def _to_json(value: Value) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return [_to_json(item) for item in value] if isinstance(value, tuple) else value
