"""Data: the digits that networks learn from, and what is done to them before a network sees one."""

from core.view import DATA_ASPECTS
from core.words import say
from pages.parts.data.augmentation import augmentation
from pages.parts.data.digits import digits
from pages.parts.data.environment import environment
from pages.parts.data.head import data_head
from pages.parts.data.one import one
from pages.parts.data.split import split
from pages.parts.data.typical import typical
from pages.parts.looking import look
from pages.parts.page_head import page_head

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
