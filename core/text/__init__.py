"""Every text a person reads, by key, from one catalogue a language."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@cache
def catalogue(language: str = "en") -> dict[str, str]:
    """All texts of a language, keyed by their dotted path in its TOML files.

    Raises ValueError where two files have a text under the same key.
    """
    texts: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        for key, text in _flatten(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in texts:
                raise ValueError(f"{file.name} gives {key} a second text")
            texts[key] = text
    return texts


def say(key: str, **values: Any) -> str:
    """The text behind a key, with `{name}` fields filled from values.

    Raises KeyError for a key that the catalogue does not have.
    """
    text = catalogue()[key]
    return text.format(**values) if values else text


def one_line(text: str) -> str:
    """The text in one line, without what has no shape of its own: controls, direction marks, half characters."""
    # the two joiners belong to letters and emoji
    shown = (character if character.isprintable() or character in "\u200c\u200d" else " " for character in text)
    return " ".join("".join(shown).split())


def _flatten(section: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
