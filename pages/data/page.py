"""Data: the training digits, and how they are prepared for a network."""

from core.text import say
from pages.data.augmentation import augmentation
from pages.data.digits import digits
from pages.data.environment import environment
from pages.data.head import data_head
from pages.data.one import one
from pages.data.split import split
from pages.data.typical import typical
from pages.shell.page_head import page_head
from pages.state.url_state import look
from pages.state.view import DATA_ASPECTS

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
    view = look("data")
    data = data_head(view, [name for name in DATA_ASPECTS if name in ASPECTS])
    if data is not None:
        ASPECTS[view.aspect](data, view)


page()
