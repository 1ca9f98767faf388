"""The language of a thread, of a browser and of a terminal."""

import threading

import pytest

from core.text import ENGLISH, Message, install, language, languages, listed, say, sentences, speaking
from core.text.reader import language_for
from core.text.terminal import command_parser, terminal_language

LEFT = Message("watch.left", time="1:12")


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        *(("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-MO", "zh-Hant"), ("zh-Hant", "zh-Hant")),
        *(("zh-Hant-CN", "zh-Hant"), ("zh_TW.UTF-8", "zh-Hant"), ("ZH-tw", "zh-Hant")),
        *(("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("zh-SG", "zh-Hans"), ("zh_CN.GB18030", "zh-Hans")),
        *(("en", "en"), ("en-US", "en"), ("en_GB.UTF-8@euro", "en")),
        *(("de-DE", None), ("C", None), ("C.UTF-8", None), ("POSIX", None), ("", None), (None, None)),
        *(("\0\ud800", None), ("../en", None), ("-", None), ("e" * 100_000, None)),
    ],
)
def test_a_locale_gives_a_language_or_none(locale, tag):
    assert language_for(locale) == tag


@pytest.mark.parametrize(
    ("variables", "tag"),
    [
        ({"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_TW.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_TW.UTF-8", "LC_ALL": "C"}, ENGLISH),
        ({"LANG": "zh_TW.UTF-8", "LC_ALL": ""}, "zh-Hant"),
        ({"LANG": "fr_FR.UTF-8"}, ENGLISH),
        ({}, ENGLISH),
    ],
)
def test_a_terminal_speaks_the_language_of_its_first_variable(variables, tag):
    assert terminal_language(variables) == tag


@pytest.mark.parametrize(
    ("arguments", "tag"), [(["--lang", "zh-Hant"], "zh-Hant"), (["x", "--lang=zh-Hans"], "zh-Hans"), ([], "zh-Hans")]
)
def test_a_command_speaks_the_language_it_is_told_else_the_terminals(monkeypatch, arguments, tag):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    parser = command_parser("digit-lab", "command.description", arguments)
    assert language() == tag
    assert parser.description == say("command.description")


@pytest.mark.parametrize("arguments", [["--lang", "tlh"], ["--lang"]])
def test_a_command_refuses_a_language_it_does_not_have(capsys, arguments):
    parser = command_parser("digit-lab", "command.description", arguments)
    with pytest.raises(SystemExit):
        parser.parse_args(arguments)
    assert "--lang" in capsys.readouterr().err


def test_a_text_follows_the_language_and_a_stored_message_is_english():
    for tag in languages():
        with speaking(tag):
            assert str(LEFT) == "1:12 left"
            assert language() == tag
    with speaking("zh-Hans"):
        assert say(LEFT) != str(LEFT)
    assert language() == ENGLISH


def test_lists_and_sentences_are_joined_as_the_language_does():
    reasons = Message("datasets.nowhere", reasons=Message("datasets.keras_cache_empty"), variable="X")
    assert (listed(["a", 1, "b"]), listed(["a"]), listed([])) == ("a, 1, b", "a", "")
    assert str(Message("errors.as_written", text=["a", LEFT])) == "a, 1:12 left"
    with speaking("zh-Hant"):
        assert listed("ab") == "a、b"
        assert sentences(["一。", "二。"]) == "一。二。"
        assert "。" not in say("bundles.setting", reason=reasons)[-2:]


def test_a_new_thread_asks_the_installed_reader():
    found = []
    install(lambda: "zh-Hant")
    try:
        thread = threading.Thread(target=lambda: found.append(language()))
        thread.start()
        thread.join()
    finally:
        install(lambda: None)
    assert found == ["zh-Hant"]
    assert language() == ENGLISH
