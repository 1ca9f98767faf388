"""Learn: how a network reads digits and how it is trained, one lesson at a time, in teaching order."""

import streamlit as st

from core.text import say
from pages.learn.batch import batch
from pages.learn.convolution import convolution
from pages.learn.descent import descent
from pages.learn.ladder import ladder
from pages.learn.pixels import pixels
from pages.learn.pooling import pooling
from pages.learn.softmax import softmax_lesson
from pages.learn.step import step
from pages.learn.view import LearnView
from pages.shell.page_head import page_head
from pages.state.page_links import page_link
from pages.state.shortcuts import NEXT_LESSON, PREVIOUS_LESSON
from pages.state.url_state import TAB, change, look
from pages.widgets.switch import switch
from pages.widgets.turn_buttons import turn_buttons

LESSONS = {
    "pixels": pixels,
    "convolution": convolution,
    "pooling": pooling,
    "softmax": softmax_lesson,
    "descent": descent,
    "step": step,
    "batch": batch,
    "ladder": ladder,
}
INSIDE = {"convolution": "convolution", "pooling": "pooling", "softmax": "output"}
"""Lessons that continue with any run's network, each with the part of its tab Inside."""


def page() -> None:
    page_head(say("pages.learn"), say("lessons.what"))
    view = look(LearnView)
    names, label = list(LESSONS), say("lessons.choose")
    switch("lesson", view.lesson, names, label, lambda name: say(f"lessons.names.{name}"), also={"step": None})
    _point(view.lesson, names)
    LESSONS[view.lesson](view)
    if view.lesson in INSIDE:
        there = {TAB: "inside", "part": INSIDE[view.lesson]}
        page_link("run", say("lessons.inside"), icon="visibility", parameters=there)


def _point(lesson: str, names: list[str]) -> None:
    """What the lesson shows in one sentence, and buttons to the lessons before and after it."""
    text, turn = st.columns([5, 2], vertical_alignment="center")
    text.markdown(f"#### {say(f'lessons.point.{lesson}')}", help=say(f"lessons.point_help.{lesson}"))
    with turn, st.container(horizontal=True, horizontal_alignment="right", gap="small", wrap=False):
        turn_buttons(
            ("lessons.previous_lesson", "lessons.next_lesson"),
            names.index(lesson),
            range(len(names)),
            lambda place: change(lesson=names[place], step=None),
            shortcuts=(PREVIOUS_LESSON, NEXT_LESSON),
            icons=("arrow_back", "arrow_forward"),
        )


page()
