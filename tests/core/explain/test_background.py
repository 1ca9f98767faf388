"""Work aside from the page: once, the latest question first, and not kept for ever."""

import threading

import pytest

from core.explain.background import Background


def test_a_question_is_worked_on_once():
    asked, background = [], Background()
    work = lambda: asked.append(1) or len(asked)  # noqa: E731
    assert [background.ask("a", work).result(10) for _ in range(3)] == [1, 1, 1]


def test_what_the_work_raises_is_raised_again():
    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Background().ask("a", fail).result(10)


def test_the_latest_question_is_answered_first():
    background, gate, order = Background(), threading.Event(), []
    begun = threading.Event()

    def wait():
        begun.set()
        gate.wait(10)

    background.ask("first", wait)
    assert begun.wait(10)
    later = [background.ask(name, lambda name=name: order.append(name)) for name in "abc"]
    gate.set()
    for future in later:
        future.result(10)
    assert order == ["c", "b", "a"]


def test_old_answers_are_forgotten():
    background, asked = Background(most=3), []
    for key in (*range(5), 0):
        background.ask(key, lambda key=key: asked.append(key)).result(10)
    assert asked == [0, 1, 2, 3, 4, 0]
