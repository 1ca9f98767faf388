"""What a language lacks or has wrong is English and a line in the log."""

import logging

import pytest

from core.text import ENGLISH, catalogue, languages, say, speaking
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
        assert say("figures.percent", number="98.12") == "98.12 %"


@pytest.mark.parametrize("broken", ["[verdict", "awaited = ", "\x00"])
def test_a_broken_file_is_english_and_one_line_in_the_log(made_up, caplog, broken):
    rewritten(made_up, "verdict.toml", broken)
    with speaking(TAG), caplog.at_level(logging.WARNING):
        assert say("verdict.more_epochs") == say("verdict.more_epochs") == "More epochs may help."
        assert say("pages.train") == "TTrraaiinn"
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "xx/verdict.toml cannot be read, so its texts are English"
    ]


@pytest.mark.parametrize(
    "text", ["{time} {left}", "{}", "{time", "{time:,}", "{time!r}", "{0}", "{time.real}", "{time[0]}"]
)
def test_a_text_with_other_fields_is_english(made_up, caplog, text):
    rewritten(made_up, "watch.toml", f'watch.left = "{text}"\nwatch.new = "1"\nwatch.run = 1\n')
    with speaking(TAG), caplog.at_level(logging.WARNING):
        assert say("watch.left", time="1:12") == "1:12 left"
        assert say("watch.run") == "Run"
        assert "watch.new" not in catalogue(TAG)
    assert len(caplog.records) == 3


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
