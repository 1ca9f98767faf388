"""Streamlit's own words, which are replaced in the browser."""

import re
from functools import cache
from pathlib import Path

from core.text import ENGLISH, catalogue, speaking
from pages.shell.document_head import _SCRIPTS
from pages.shell.streamlit_words import _WORDS
from tests.pages.shown import component


@cache
def scripts():
    """All of the installed Streamlit's scripts."""
    return "".join(path.read_text(encoding="utf-8") for path in _SCRIPTS.glob("*.js"))


def test_the_installed_streamlit_says_each_of_the_words():
    english = {name: catalogue(ENGLISH)[f"streamlit.{name}"] for name in _WORDS}
    # it joins some texts from sentences
    parts = {name: re.split(r"\{\w+\}|(?=\. [A-Z])", text) for name, text in english.items()}
    assert [name for name, found in parts.items() if not all(part in scripts() for part in found)] == []
    assert {f"streamlit.{name}" for name in _WORDS} == {key for key in catalogue() if key.startswith("streamlit.")}


def test_the_installed_streamlit_has_the_parts_that_are_searched():
    parts = re.findall(r'data-testid="(\w+)"', Path("static/streamlit_words.js").read_text(encoding="utf-8"))
    assert "stSkipToContent" in parts
    assert [part for part in parts if part not in scripts()] == []


def test_the_browser_gets_them_with_the_language_and_in_english_none(app):
    sent = component(app("learn", lang="zh-Hant"), "streamlit.words")
    with speaking("zh-Hant"):
        assert sent["words"]["No results"] == catalogue("zh-Hant")["streamlit.no_results"]
    assert sent["lang"] == "zh-Hant"
    assert component(app("learn"), "streamlit.words") == {"lang": "en", "words": {}}
