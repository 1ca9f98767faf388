"""The classes that a link names, if the data has them."""

from typing import TypeVar

from core.config.rules import Whole
from core.errors import Advice
from pages.state.url_state import refuse, view_now
from pages.state.view import View

_V = TypeVar("_V", bound=View)


def known_classes(view: _V, count: int, *names: str) -> _V:
    """The view without those of these fields that name none of the `count` classes; each is a link problem."""
    for name in names:
        label = getattr(view, name)
        try:
            if label is not None:
                Whole(0, count - 1).read(label)
        except Advice as error:
            refuse(name, label, error.message)
    return view_now(type(view))
