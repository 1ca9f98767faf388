"""Draw: draw a digit, upload one or take a test digit, and see the prediction at once."""

from core.text import say
from pages.draw.answer import reading
from pages.draw.own_drawings import own_drawings
from pages.draw.readers import readers
from pages.draw.view import DrawView
from pages.shell.page_head import page_head
from pages.state.url_state import look


def page() -> None:
    page_head(say("pages.draw"), say("draw.what"))
    view = look(DrawView)
    reading(view)
    own_drawings(readers(view).by_name)


page()
