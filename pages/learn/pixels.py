"""Lesson on images: a digit is a square of numbers."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.text import say
from pages.learn.controls import controls
from pages.learn.digits import clear_digit, lesson_digits, pick_digit
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.state.url_state import change
from pages.widgets.sliding_window import Picture, sliding_window

_SPAN = 7


def pixels(view: LearnView) -> None:
    """A window over the digit, and its numbers before and after the division by 255."""
    data = lesson_digits()
    if data is None:
        return
    with controls():
        pick_digit(view)
    digit = clear_digit(data, view)
    values = data.test_images[digit.index]
    contrast = sliding_window_view(values, (_SPAN, _SPAN)).std(axis=(2, 3))
    sliding_window(
        "learn.pixels",
        Picture(values.astype(np.float32), say("lessons.pixels.digit"), say("lessons.pixels.alt", label=digit.label)),
        span=_SPAN,
        tables={"patch": say("lessons.pixels.window"), "scaled": say("lessons.pixels.scaled")},
        whole=True,
        at=within("step", int(contrast.argmax()) if view.step is None else view.step, 0, contrast.size - 1, str),
        complete=view.step is None,
        on_rest=lambda at: change(step=at),
    )
