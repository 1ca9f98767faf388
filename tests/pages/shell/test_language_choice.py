"""The choice of a language, and how it gets into the address and the session."""

import logging

import pytest
from streamlit.runtime.context import ContextProxy

from core.text import ENGLISH, speaking
from tests.pages.actions import turn


@pytest.fixture
def browser(monkeypatch):
    """Set the browser's language."""

    def set_locale(locale):
        monkeypatch.setattr(ContextProxy, "locale", property(lambda _: locale))

    return set_locale


def title(test):
    return test.title[0].value


def choose(test, tag):
    (choice,) = (radio for radio in test.radio if radio.key.startswith("language."))
    return choice.set_value(tag).run()


RUNS = {"en": "Runs", "zh-Hant": "紀錄", "zh-Hans": "记录"}


@pytest.mark.parametrize(
    ("locale", "tag"),
    [("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "zh-Hans"), ("zh", "zh-Hans"), ("de", "en"), (None, "en")],
)
def test_the_browser_decides_until_a_person_does(app, browser, locale, tag):
    browser(locale)
    test = app("runs")
    assert title(test) == RUNS[tag]
    assert "lang" not in test.query_params
    assert not any("lang=" in link.proto.query_string for link in test.get("page_link"))


def test_a_chosen_language_is_in_the_address_and_in_every_link_and_stays(app, browser):
    browser("zh-TW")
    test = choose(app("results", run="mlp-512"), "zh-Hans")
    assert test.query_params["lang"] == "zh-Hans"
    assert test.query_params["run"] == "mlp-512"
    links = [link.proto.query_string for link in test.get("page_link")]
    assert links
    assert all("lang=zh-Hans" in link for link in links)
    # the menu leaves parameters out
    test = turn(test, "runs")
    assert title(test) == RUNS["zh-Hans"]
    assert test.query_params["lang"] == "zh-Hans"
    assert title(choose(test, "en")) == RUNS["en"]


def test_the_address_decides_over_the_browser(app, browser):
    browser("zh-TW")
    test = app("runs", lang="en")
    assert title(test) == RUNS["en"]
    assert test.query_params["lang"] == "en"


@pytest.mark.parametrize("value", ["tlh", "zh", "../en", "<script>", "\0", "x" * 5000, "__pycache__"])
def test_an_unknown_language_is_the_browsers_and_leaves_the_address(app, browser, caplog, value):
    browser("zh-TW")
    with caplog.at_level(logging.WARNING, logger="pages.state.language"):
        test = app("runs", lang=value)
    assert title(test) == RUNS["zh-Hant"]
    assert not test.warning
    assert "lang" not in test.query_params
    assert [record.name for record in caplog.records if record.name.startswith("pages")] == ["pages.state.language"]


def test_what_a_person_set_stays_when_the_language_changes(app):
    test = app("train")
    test.number_input(key="form.epochs").set_value(7).run()
    test.multiselect(key="sweep.names").set_value(["learning_rate", "batch_size"]).run()
    test.selectbox(key="sweep.sampler").set_value("random").run()
    now = ENGLISH
    for tag, title_there in (("zh-Hant", "訓練"), ("zh-Hans", "训练"), ("en", "Train")):
        # AppTest sends what is chosen by its label, worded in the thread of the test
        with speaking(now):
            test = choose(test, now := tag)
        suffix = "" if tag == "en" else f".{tag}"
        assert title(test) == title_there
        assert test.number_input(key="form.epochs").value == 7
        assert test.multiselect(key=f"sweep.names{suffix}").value == ["learning_rate", "batch_size"]
        assert test.selectbox(key=f"sweep.sampler{suffix}").value == "random"
