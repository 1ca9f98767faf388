"""Every language says what English says."""

import re
import string

import pytest

from core.text import ENGLISH, catalogue, languages
from core.text.catalogues import FOLDER, files
from core.text.catalogues import _texts as texts_of

TRANSLATED = sorted(
    path.name for path in FOLDER.iterdir() if path.is_dir() and path.name not in (ENGLISH, "__pycache__")
)
LISTED = (FOLDER / "untranslated.txt").read_text(encoding="utf-8")
MARKUP = re.compile(r"`[^`]*`|\{[^{}]*\}|:material/\w+:|:[a-z]+(?=\[)|\]\([^)]*\)|<[^>]*>|https?://\S+|\$[^$]*\$|&\w+;")


def patterns(part):
    return [line.partition("  # ")[0].rstrip() for line in part.splitlines() if line and not line.startswith("#")]


def words_like(part):
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(patterns(part))})(?![A-Za-z])")


ANYWHERE, BESIDE_OTHERS = words_like(LISTED.partition("\n\n")[0]), words_like(LISTED)


def english_words(text, english=""):
    """The words that are left of a text without markup, code and what untranslated.txt lists."""
    listed = ANYWHERE if text == english else BESIDE_OTHERS
    return re.findall(r"[A-Za-z]{2,}", listed.sub(" ", MARKUP.sub(" ", text)))


def own_texts(language):
    return {key: text for name in files(language) for key, text in texts_of(language, name)}


def fields(text):
    return {(name, form, kind) for _, name, form, kind in string.Formatter().parse(text) if name is not None}


def test_every_language_that_has_a_folder_is_offered():
    assert list(languages()) == [ENGLISH, *TRANSLATED]


@pytest.mark.parametrize("language", TRANSLATED)
class TestLanguage:
    def test_it_has_the_same_files_and_keys(self, language):
        assert files(language) == files(ENGLISH)
        for name in files(ENGLISH):
            english, own = (dict(texts_of(tag, name)) for tag in (ENGLISH, language))
            assert list(own) == list(english), name

    def test_every_text_has_the_fields_of_the_english_one(self, language):
        own = own_texts(language)
        english = catalogue(ENGLISH)
        assert [key for key, text in own.items() if fields(text) != fields(english[key])] == []

    def test_no_text_is_left_in_english(self, language):
        own, english = own_texts(language), catalogue(ENGLISH)
        assert {key: words for key, text in own.items() if (words := english_words(text, english[key]))} == {}

    def test_every_text_is_whole_and_has_the_punctuation_of_its_script(self, language):
        own = own_texts(language)
        assert [key for key, text in own.items() if text != text.strip()] == []
        half = re.compile(r"[\u4e00-\u9fff] ?[,;:?!](?![\w/])|[\u4e00-\u9fff]\.(?=\s|$)")
        assert [key for key, text in own.items() if half.search(MARKUP.sub("", text))] == []


def test_every_reason_is_given_and_every_pattern_used():
    assert [line for line in LISTED.splitlines() if line and not line.startswith("#") and "  # " not in line] == []
    shown = "\n".join(text for language in TRANSLATED for text in own_texts(language).values())
    unused = [kept for kept in patterns(LISTED) if not re.search(kept, shown)]
    assert unused == []
