"""Data: the images to train on, how they are prepared for a network, and adding more of them."""

from core.text import say
from pages.data.augmentation import augmentation
from pages.data.digits import digits
from pages.data.environment import environment
from pages.data.head import data_head
from pages.data.one import one
from pages.data.sets import added_note, data_sets
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
    data = data_head(view, ["sets", *ASPECTS])
    if view.aspect == "sets":
        data_sets()
    elif data is not None:
        added_note(data.name)
        ASPECTS[view.aspect](data, known_classes(view, len(data.description.classes), "true"))


page()
