"""Lessons: how training works, shown in motion and on real digits, one lesson at a time."""

import streamlit as st

from core.view import LESSONS
from core.words import say
from pages.parts.lessons.batch import batch
from pages.parts.lessons.descent import descent
from pages.parts.lessons.ladder import ladder
from pages.parts.lessons.step import step
from pages.parts.looking import bound, look
from pages.parts.page_head import page_head

PARTS = {"descent": descent, "step": step, "batch": batch, "ladder": ladder}


def page() -> None:
    page_head(say("pages.lessons"), say("lessons.what"))
    view = look("lessons")
    st.segmented_control(
        say("lessons.choose"),
        LESSONS,
        format_func=lambda name: say(f"lessons.names.{name}"),
        required=True,
        label_visibility="collapsed",
        **bound("lesson", view.lesson, first="default", then=lambda name: {"lesson": name, "step": None}),
    )
    PARTS[view.lesson](view)


page()
