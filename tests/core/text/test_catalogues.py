"""What a language lacks or has wrong is English and a line in the log."""

import logging

import pytest

from core.text import ENGLISH, catalogue, languages, placeholders, say, speaking
from core.text import catalogues as texts
from tests.made_up_language import TAG, forget, offered


@pytest.fixture
def made_up(tmp_path):
    """The folder of the made-up language."""
    with offered(tmp_path / "text"):
        yield tmp_path / "text" / TAG


def rewritten(folder, file, text):
    (folder / file).write_text(text, encoding="utf-8")
    forget()


def test_the_made_up_language_doubles_letters(made_up):
    assert languages()[made_up.name] == "EEnngglliisshh"
    with speaking(TAG):
        assert say("watch.left", time="1:12") == "1:12 lleefftt"
        assert say("figures.percent", number="98.12") == "98.12\xa0%"


@pytest.mark.parametrize("broken", ["[verdict", "awaited = ", "\x00"])
def test_a_broken_file_is_english_and_one_line_in_the_log(made_up, caplog, broken):
    rewritten(made_up, "verdict.toml", broken)
    with speaking(TAG), caplog.at_level(logging.WARNING):
        assert say("verdict.more_epochs") == say("verdict.more_epochs") == "More epochs may help."
        assert say("pages.train") == "TTrraaiinn"
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "xx/verdict.toml cannot be read, so its texts are English"
    ]


WRONG = ("{field} {more}", "{}", "{field", "{field:,}", "{field!r}", "{0}", "{field.real}", "{field[0]}")


def test_a_text_with_other_fields_is_english(made_up, caplog):
    filled = {key: fields for key in catalogue() if key.startswith("watch.") and len(fields := placeholders(key)) == 1}
    wrong = {key: text.replace("field", *filled[key]) for key, text in zip(filled, WRONG, strict=False)}
    assert len(wrong) == len(WRONG)
    lines = (f'{key} = "{text}"' for key, text in {**wrong, "watch.new": "1"}.items())
    rewritten(made_up, "watch.toml", "\n".join([*lines, "watch.run = 1"]))
    with speaking(TAG), caplog.at_level(logging.WARNING):
        assert [key for key in (*wrong, "watch.run") if catalogue(TAG)[key] != catalogue()[key]] == []
        assert "watch.new" not in catalogue(TAG)
    assert len(caplog.records) == len(WRONG) + 2


def test_a_language_without_one_of_the_files_is_not_offered(made_up):
    (made_up / "verdict.toml").unlink()
    forget()
    assert TAG not in languages()


def test_a_language_whose_own_file_is_broken_is_offered_by_its_tag(made_up):
    rewritten(made_up, "language.toml", "[")
    assert languages()[TAG] == TAG


def test_every_file_is_read_once(monkeypatch):
    forget()
    read = []
    monkeypatch.setattr(texts, "_texts", lambda *file, own=texts._texts: read.append(file) or own(*file))
    for language in (*languages(), *languages()):
        for key in catalogue(ENGLISH):
            catalogue(language)[key]
    assert len(read) == len(set(read)) >= len(texts.files(ENGLISH))
