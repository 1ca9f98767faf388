"""The reader's language, by its tag, such as `zh-Hant`: the name of its folder of texts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.text.catalogues import ENGLISH, complete, own_name

_TRADITIONAL = {"tw", "hk", "mo", "hant"}
"""Regions, and the script, of a Chinese locale whose readers read traditional characters."""
_spoken: ContextVar[str | None] = ContextVar("language", default=None)
_reader: Callable[[], str | None] | None = None


def language() -> str:
    """The tag of the language that texts are worded in now, English unless a page or a command chose another."""
    return _spoken.get() or (_reader and _reader()) or ENGLISH


def speak(tag: str | None) -> None:
    """Word texts in this language in this thread from now on; None: as the installed reader says."""
    _spoken.set(tag)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Word texts in this language within the block, as for a file that is made in another thread."""
    before = _spoken.set(tag)
    try:
        yield
    finally:
        _spoken.reset(before)


def install(reader: Callable[[], str | None]) -> None:
    """Ask this function for the language in threads where none was set: Streamlit starts one for each rerun."""
    global _reader
    _reader = reader


def languages() -> dict[str, str]:
    """The languages that a person can choose, each with its name in itself; English first."""
    return {tag: own_name(tag) for tag in complete()}


def language_for(locale: str | None) -> str | None:
    """The language for a locale, such as `zh-TW` of a browser or `zh_TW.UTF-8` of a terminal; None if there is none."""
    parts = (locale or "").partition(".")[0].replace("_", "-").split("-")
    if parts[0].lower() == "zh":
        parts[1:] = ["Hant" if _TRADITIONAL & {part.lower() for part in parts[1:]} else "Hans"]
    offered = {tag.lower(): tag for tag in complete()}
    return offered.get("-".join(parts).lower()) or offered.get(parts[0].lower())
