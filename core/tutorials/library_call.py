"""A call of a library's function or class, as the tables of such calls take it."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.tutorials.names import keras_path


@dataclass(frozen=True, slots=True)
class LibraryCall:
    """A call with the values of its arguments."""

    path: str
    """The whole name, such as `numpy.reshape`."""
    given: Sequence[Any]
    named: Mapping[str, Any]
    node: ast.Call

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def within(self) -> str:
        """The name within Keras, such as `layers.Dense`; empty outside Keras."""
        return keras_path(self.path) or ""

    @property
    def first(self) -> Any:
        return self.given[0] if self.given else None

    def argument(self, name: str, place: int, default: Any = None) -> Any:
        """An argument by its name, or else by its place."""
        return self.named.get(name, self.given[place] if len(self.given) > place else default)


NOT_FOLLOWED: Final = object()
"""What a handler returns for a call that it does not know after all, such as one with other arguments."""

Handler = Callable[[Any, LibraryCall], Any]
"""A method that says what a call returns."""
