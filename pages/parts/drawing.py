"""A visitor's drawing: kept over page changes, stroke by stroke, so that nothing drawn is lost."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.digits.arrays import Bytes

SIDE = 280
PEN_WIDTHS = (6, 36)
PEN_WIDTH = 20
MOST_STEPS = 60
"""Strokes that can be taken back."""

_KEY = "drawing"
Rgba = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Sketch:
    """What was on the canvas at one moment: its strokes as the canvas writes them, and its picture."""

    strokes: dict[str, Any] | None = None
    picture: Rgba | None = None


@dataclass(kw_only=True)
class Drawing:
    """The canvas over a visit; `version` is another for every canvas that begins with other strokes."""

    steps: list[Sketch] = field(default_factory=lambda: [Sketch()])
    begins_with: dict[str, Any] | None = None
    version: int = 0
    under: Bytes | None = None
    """A digit uint8 (28, 28) to draw over."""

    @property
    def picture(self) -> Rgba | None:
        """The canvas as it is now, uint8 (280, 280, 4); None before anything was drawn."""
        return self.steps[-1].picture

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return len(self.steps) > 1

    def take(self, strokes: dict[str, Any] | None, picture: Rgba | None) -> None:
        """What the canvas says; nothing is new where it has the strokes that are known."""
        if picture is None or strokes is None or strokes == self.steps[-1].strokes:
            return
        if not self.can_undo and not strokes.get("objects"):
            return
        self.steps = [*self.steps[-MOST_STEPS:], Sketch(strokes, picture)]

    def undo(self) -> None:
        """Take back the last stroke, or the last clearing."""
        if self.can_undo:
            self.steps.pop()
            self.begin_anew()

    def clear(self) -> None:
        """An empty canvas; undo brings the drawing back."""
        if self.picture is not None:
            self.steps.append(Sketch())
            self.begin_anew()

    def draw_over(self, digit: Bytes | None) -> None:
        """Begin with a digit, uint8 (28, 28), under the strokes."""
        self.under = digit
        self.steps = [*self.steps, Sketch()]
        self.begin_anew()

    def begin_anew(self) -> None:
        """Have the browser make a canvas with the strokes that are known: one that comes back starts empty."""
        self.begins_with, self.version = self.steps[-1].strokes, self.version + 1


def drawing() -> Drawing:
    """This visitor's drawing."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Drawing()
    kept: Drawing = st.session_state[_KEY]
    return kept
