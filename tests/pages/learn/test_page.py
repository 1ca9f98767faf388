"""The lessons in order, and what their links may hold."""

from typing import get_args

import pytest

from core.data.datasets import load
from core.errors import UnreadableRun
from core.text import say
from pages.learn.view import Lesson
from tests.pages.actions import turn
from tests.pages.learn.conftest import played, rest
from tests.pages.learn.test_step import steps_of
from tests.pages.shown import sentences, texts, widget

LESSONS = get_args(Lesson)
LINKS = [
    ({"lesson": "magic"}, f"The link's lesson is magic; use one of {', '.join(LESSONS)}."),
    ({"step": "484"}, "The link's step is 484. Here it ranges from 0 to 483, so 483 is used."),
    ({"example": "10"}, "The link's example is 10; use a whole number from 0 to 9."),
    (
        {"lesson": "pooling", "filter": "17"},
        "The link's filter is 17. Here it ranges from 1 to 16, so 16 is used.",
    ),
    ({"lesson": "softmax", "case": "9"}, "The link's case is 9; use a whole number from 1 to 8."),
    ({"lesson": "softmax", "step": "4"}, "The link's step is 4. Here it ranges from 0 to 3, so 3 is used."),
    (
        {"lesson": "descent", "rate": "fast"},
        "The link's rate is fast; use a number from 0.0001 to 10, for example 0.1.",
    ),
    ({"lesson": "descent", "rate": "5"}, "The link's rate is 5. Here it ranges from 0.003 to 3, so 3 is used."),
    ({"lesson": "descent", "batch": "1"}, "The link's batch is 1. Here it ranges from 2 to 999, so 2 is used."),
    ({"lesson": "descent", "step": "101"}, "The link's step is 101. Here it ranges from 0 to 100, so 100 is used."),
    ({"lesson": "step", "step": "9"}, "The link's step is 9. Here it ranges from 1 to 5, so 5 is used."),
    ({"lesson": "step", "run": "nowhere"}, "There is no run nowhere; another one is shown."),
    (
        {"lesson": "batch", "network": "cnn-16-36", "batch": "50000"},
        "The link's batch is 50000. Here it ranges from 1 to 48000, so 48000 is used.",
    ),
    ({"lesson": "ladder", "dataset": "cats"}, "This lesson does not offer cats, so mnist-5k is used instead."),
]


def test_next_leads_through_all_lessons_and_each_has_its_point_and_a_picture(app):
    load("mnist-5k")
    test = app("learn")
    for lesson in LESSONS:
        assert widget(test, "button_group", "view.lesson").value == lesson
        assert say(f"lessons.point.{lesson}") in texts(test)
        assert len(test.get("page_link")) == (lesson in ("convolution", "pooling", "softmax"))
        assert test.get("bidi_component") or test.get("plotly_chart")
        assert not sentences(test)
        turning = test.button(key="lessons.next_lesson")
        assert turning.disabled == (lesson == LESSONS[-1])
        test = test if turning.disabled else turning.click().run()
    test.button(key="lessons.previous_lesson").click().run()
    assert test.query_params == {"lesson": "batch"}
    turn(test, "train")
    assert widget(turn(test, "learn"), "button_group", "view.lesson").value == "batch"


def test_an_invalid_link_shows_the_nearest_state_and_one_warning(app, make_run):
    steps_of(make_run("finished"))
    test = app("learn")
    for link, sentence in LINKS:
        test.query_params.clear()
        test.query_params.update(link)
        test.run()
        assert not test.exception
        assert sentences(test) == [sentence]


def test_a_missing_or_damaged_network_leaves_a_sentence(lesson, monkeypatch):
    def damaged(*_):
        raise UnreadableRun("inference.no_epoch", epoch=20)

    monkeypatch.setattr("pages.learn.digits.answers", damaged)
    (sentence,) = sentences(lesson("softmax"))
    assert sentence.startswith("The included network cnn-16-36-5k cannot be read:")
    monkeypatch.setattr("pages.learn.digits.NETWORK", "nowhere")
    for name in ("convolution", "pooling", "softmax"):
        assert "The included network nowhere is not available" in texts(lesson(name))


@pytest.mark.parametrize("name", ["pixels", "convolution", "pooling", "descent"])
def test_the_link_says_where_a_player_rests_and_an_invalid_place_is_ignored(lesson, name):
    test = rest(lesson(name), 7)
    assert test.query_params["step"] == "7"
    assert (played(test)["at"], played(test)["complete"]) == (7, False)
    for invalid in (-1, played(test)["last"] + 1, True, "5", None, 1.5):
        assert rest(test, invalid).query_params["step"] == "7"
