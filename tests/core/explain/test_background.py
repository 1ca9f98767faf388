"""Background work: runs once per key, newest first, with a limited cache."""

import threading

import pytest

from core.explain.background import Background


def test_work_runs_once_for_each_key():
    asked, background = [], Background()
    work = lambda: asked.append(1) or len(asked)  # noqa: E731
    assert [background.ask("a", work).result(10) for _ in range(3)] == [1, 1, 1]


def test_an_exception_is_raised_to_the_caller():
    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Background().ask("a", fail).result(10)


def test_the_newest_task_runs_first():
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


def test_old_results_are_dropped():
    background, asked = Background(most=3), []
    for key in (*range(5), 0):
        background.ask(key, lambda key=key: asked.append(key)).result(10)
    assert asked == [0, 1, 2, 3, 4, 0]
