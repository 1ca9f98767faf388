"""Learn: how training works, animated on real digits, one lesson at a time."""

import streamlit as st

from core.text import say
from pages.learn.batch import batch
from pages.learn.descent import descent
from pages.learn.ladder import ladder
from pages.learn.step import step
from pages.learn.view import LearnView
from pages.shell.page_head import page_head
from pages.state.url_state import bound, look

PARTS = {"descent": descent, "step": step, "batch": batch, "ladder": ladder}


def page() -> None:
    page_head(say("pages.lessons"), say("lessons.what"))
    view = look(LearnView)
    st.segmented_control(
        say("lessons.choose"),
        list(PARTS),
        format_func=lambda name: say(f"lessons.names.{name}"),
        required=True,
        label_visibility="collapsed",
        **bound("lesson", view.lesson, first="default", also={"step": None}),
    )
    PARTS[view.lesson](view)


page()
