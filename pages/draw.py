"""Draw: a digit drawn, brought as a picture or taken from a data set, and read at once."""

from core.words import say
from pages.parts.looking import look
from pages.parts.models import readers
from pages.parts.own_drawings import own_drawings
from pages.parts.page_head import page_head
from pages.parts.reading import reading


def page() -> None:
    page_head(say("pages.draw"), say("draw.what"))
    view = look("draw")
    reading(view)
    own_drawings(readers(view).by_name)


page()
