"""A number from a link, brought to where a lesson can use it."""

from collections.abc import Callable
from typing import TypeVar

from core.text import say
from pages.state.link_problems import link_problem

Value = TypeVar("Value", int, float)


def within(name: str, value: Value, low: Value, high: Value, show: Callable[[Value], str]) -> Value:
    """The nearest value from low to high; a sentence where that is another one."""
    near = min(max(value, low), high)
    if near != value:
        link_problem(
            say("lessons.outside", name=name, value=show(value), low=show(low), high=show(high), near=show(near))
        )
    return near
