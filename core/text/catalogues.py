"""The catalogues: one folder of TOML files per language, with the same files and the same keys."""

import logging
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.text.lines import unbroken

ENGLISH = "en"
FOLDER = Path(__file__).parent
_ITSELF = "language.toml"
_log = logging.getLogger(__name__)


@cache
def catalogue(language: str = ENGLISH) -> Mapping[str, str]:
    """All texts of a language, keyed by their dotted path in its TOML files; in English where it has none.

    A file that cannot be read, a key that English does not have, and a text with other `{name}` fields are logged,
    and their texts are English. Raises ValueError if two English files have a text under the same key.
    """
    english = _english()
    if language == ENGLISH:
        return english
    texts = dict(english)
    for name in files(language):
        for key, text in _read(language, name).items():
            if key not in english or not isinstance(text, str) or not _fills(text, english[key]):
                _log.warning("%s/%s: %s does not fit the English text, which is shown instead", language, name, key)
            else:
                texts[key] = text
    return texts


@cache
def complete() -> tuple[str, ...]:
    """English, then the languages whose folder has every file that English has; others are still being translated."""
    wanted = set(files(ENGLISH))
    others = sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != ENGLISH)
    return (ENGLISH, *(name for name in others if wanted <= set(files(name))))


@cache
def own_name(language: str) -> str:
    """The language's name in itself, for which the rest of its catalogue need not be read; its tag if it has none."""
    texts = _english() if language == ENGLISH else _read(language, _ITSELF)
    return str(texts.get("language.name", language))


def files(language: str) -> list[str]:
    """The names of a language's files."""
    return sorted(path.name for path in (FOLDER / language).glob("*.toml"))


@cache
def placeholders(key: str) -> frozenset[str]:
    """The `{name}` fields of a text; raises KeyError."""
    return frozenset(name for name, _, _ in _fields(_english()[key]))


@cache
def _english() -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in files(ENGLISH):
        for key, text in _texts(ENGLISH, name):
            if key in texts:
                raise ValueError(f"{name} gives {key} a second text")
            texts[key] = text
    return texts


@cache
def _read(language: str, name: str) -> dict[str, Any]:
    try:
        return dict(_texts(language, name))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        _log.warning("%s/%s cannot be read, so its texts are English: %s", language, name, error)
        return {}


def _texts(language: str, name: str) -> Iterator[tuple[str, Any]]:
    return _flatten(tomllib.loads((FOLDER / language / name).read_text(encoding="utf-8")))


def _flatten(section: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield f"{prefix}{name}", unbroken(value)
        else:
            yield f"{prefix}{name}", value


def _fills(text: str, english: str) -> bool:
    """Whether a text can be filled with the values of the English one."""
    try:
        return _fields(text) <= _fields(english)
    except ValueError:
        return False


def _fields(text: str) -> frozenset[tuple[str, str, str]]:
    """Each field's name, format and conversion; raises ValueError."""
    parts = string.Formatter().parse(text)
    return frozenset((name, form or "", conversion or "") for _, name, form, conversion in parts if name is not None)
