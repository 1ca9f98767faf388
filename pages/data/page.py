"""Data: the training digits, and how they are prepared for a network."""

from core.text import say
from pages.data.augmentation import augmentation
from pages.data.digits import digits
from pages.data.environment import environment
from pages.data.head import data_head
from pages.data.one import one
from pages.data.split import split
from pages.data.typical import typical
from pages.data.view import DataView
from pages.shared.known_classes import known_classes
from pages.shell.page_head import page_head
from pages.state.url_state import look

ASPECTS = {
    "digits": digits,
    "one": one,
    "typical": typical,
    "split": split,
    "augmentation": augmentation,
    "environment": environment,
}


def page() -> None:
    page_head(say("pages.data"), say("data_page.what"))
    view = look(DataView)
    data = data_head(view, list(ASPECTS))
    if data is not None:
        ASPECTS[view.aspect](data, known_classes(view, len(data.description.classes), "true"))


page()
