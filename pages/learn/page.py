"""Learn: how training works, animated on real digits, one lesson at a time."""

from core.text import say
from pages.learn.batch import batch
from pages.learn.descent import descent
from pages.learn.ladder import ladder
from pages.learn.step import step
from pages.learn.view import LearnView
from pages.shell.page_head import page_head
from pages.state.url_state import look
from pages.widgets.switch import switch

PARTS = {"descent": descent, "step": step, "batch": batch, "ladder": ladder}


def page() -> None:
    page_head(say("pages.learn"), say("lessons.what"))
    view = look(LearnView)
    also = {"step": None}
    switch(
        "lesson", view.lesson, list(PARTS), say("lessons.choose"), lambda name: say(f"lessons.names.{name}"), also=also
    )
    PARTS[view.lesson](view)


page()
