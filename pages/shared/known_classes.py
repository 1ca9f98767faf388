"""The classes that a link names, if the data has them."""

from dataclasses import replace
from typing import Any, TypeVar

from core.config.rules import Whole
from core.errors import Advice
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.view import View, unusable

_V = TypeVar("_V", bound=View)


def known_classes(view: _V, count: int, *names: str) -> _V:
    """The view with each of these fields that names none of the `count` classes set to None, with a warning."""
    changes: dict[str, Any] = {}
    for name in names:
        label = getattr(view, name)
        try:
            if label is not None:
                Whole(0, count - 1).read(label)
        except Advice as error:
            changes[name] = None
            link_problem(plain_text(unusable(name, str(label), error.message)))
    return replace(view, **changes) if changes else view
