"""Every text a person reads, by key, from one catalogue a language."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@cache
def catalogue(language: str = "en") -> dict[str, str]:
    """All texts of a language, keyed by their dotted path in its TOML file."""
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        return dict(_flatten(tomllib.load(file)))


def say(key: str, **values: Any) -> str:
    """The text behind a key, with `{name}` fields filled from values.

    Raises KeyError for a key that the catalogue does not have.
    """
    text = catalogue()[key]
    return text.format(**values) if values else text


def _flatten(section: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in section.items():
        path = f"{prefix}{name}"
        pairs += _flatten(value, f"{path}.") if isinstance(value, dict) else [(path, value)]
    return pairs
