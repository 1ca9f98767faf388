"""Every text that a person reads, by key, from one catalogue per language."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

_FOLDER = Path(__file__).parent
_AS_WRITTEN = "errors.as_written"
_LONGEST, _LONGEST_VALUE, _DEEPEST, _LARGEST = 1_000, 200, 8, 10**15
"""Limits of a message from a file: characters of it and of a value, depth of nested messages, largest number."""


@dataclass(frozen=True, init=False)
class Message:
    """A text to be worded where it is shown: its key in the catalogue, and the values of its `{name}` fields.

    A value is a number, another message, which becomes a clause, or a text, which becomes one line. `str` gives the
    message in English, for logs and files.
    """

    key: str
    values: Mapping[str, "str | float | Message"] = field(hash=False)

    def __init__(self, key: str, /, **values: object) -> None:
        kept = {n: v if isinstance(v, int | float | Message) else one_line(str(v)) for n, v in values.items()}
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", kept)

    def __str__(self) -> str:
        return say(self)

    def to_json(self) -> dict[str, Any]:
        values = {n: v.to_json() if isinstance(v, Message) else v for n, v in self.values.items()}
        return {"key": self.key, "values": values}

    @classmethod
    def from_json(cls, written: object) -> Self | None:
        """The message that `to_json` wrote, long texts cut; None for an unknown key or another value."""
        try:
            message = cls._value(written, 0)
            str(message)
        except (KeyError, TypeError, ValueError, AttributeError):
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
    def _value(cls, written: Any, depth: int) -> "str | float | Self":
        if isinstance(written, str):
            return written[:_LONGEST_VALUE]
        if isinstance(written, int | float) and -_LARGEST <= written <= _LARGEST:
            return written
        key, values = written["key"], written["values"]
        if depth == _DEEPEST or placeholders(key) != values.keys():
            raise ValueError(key)
        return cls(key, **{name: cls._value(value, depth + 1) for name, value in values.items()})


@cache
def catalogue(language: str = "en") -> dict[str, str]:
    """All texts of a language, keyed by their dotted path in its TOML files.

    Raises ValueError if two files have a text under the same key.
    """
    texts: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        for key, text in _flatten(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in texts:
                raise ValueError(f"{file.name} gives {key} a second text")
            texts[key] = text
    return texts


def say(text: str | Message, /, **values: Any) -> str:
    """The text of a key, with `{name}` fields filled from values, or the text of a message.

    Raises KeyError for an unknown key.
    """
    if isinstance(text, Message):
        return say(text.key, **text.values)
    template = catalogue()[text]
    if not values:
        return template
    return template.format(**{n: clause(v) if isinstance(v, Message) else v for n, v in values.items()})


def clause(message: Message) -> str:
    """The message without its full stop, as part of another sentence."""
    return say(message).removesuffix(".")


def stored(message: Message | None) -> dict[str, Any]:
    """A message as two fields of a file: `message` in English, for other programs, and `said` with key and values."""
    said = {"said": message.to_json()} if message and message.key != _AS_WRITTEN else {}
    return {"message": str(message or ""), **said}


def placeholders(key: str) -> set[str]:
    """The `{name}` fields of a text; raises KeyError."""
    return {name for _, name, _, _ in string.Formatter().parse(catalogue()[key]) if name}


def one_line(text: str) -> str:
    """The text in one line, without characters that cannot be printed: controls, direction marks, lone surrogates."""
    # the two joiners belong to letters and emoji
    shown = (character if character.isprintable() or character in "\u200c\u200d" else " " for character in text)
    return " ".join("".join(shown).split())


def shortened(text: str, longest: int) -> str:
    """The text in at most this many characters, cut in the middle: `mlp-512 · rate 0.…batch 64`.

    Names share their beginnings, and what tells them apart is often at the end.
    """
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 3
    return f"{text[: longest - 1 - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"


def _flatten(section: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
