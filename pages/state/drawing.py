"""A visitor's drawing: kept over page changes, stroke by stroke, so that nothing drawn is lost."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from core.data.arrays import Bytes
from pages.state.url_state import view_now
from pages.state.view import View

SIDE = 280
PEN_WIDTHS = (6, 36)
PEN_WIDTH = 20
MOST_STEPS = 60
"""Strokes that can be taken back."""

_KEY = "drawing"
Rgba = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Sketch:
    """What was on the canvas at one moment: its strokes as the canvas writes them, and their picture."""

    strokes: dict[str, Any] | None = None
    picture: Rgba | None = None
    under: Bytes | None = None
    """A digit uint8 (28, 28) that is drawn over."""


@dataclass(kw_only=True)
class Drawing:
    """The canvas over a visit; `version` is another for every canvas that begins with other strokes."""

    steps: list[Sketch] = field(default_factory=lambda: [Sketch()])
    begins_with: dict[str, Any] | None = None
    pen: int = PEN_WIDTH
    """The pen's width that the browser was last told."""
    version: int = 0

    @property
    def now(self) -> Sketch:
        """The canvas as it is."""
        return self.steps[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return len(self.steps) > 1

    @property
    def can_clear(self) -> bool:
        """Whether there is anything to see."""
        return self.now.under is not None or bool(self.now.strokes and self.now.strokes.get("objects"))

    def take(self, strokes: dict[str, Any] | None, picture: Rgba | None) -> None:
        """What the canvas says; nothing is new where it has the strokes that are known."""
        if picture is None or strokes is None or strokes == self.now.strokes:
            return
        if not self.can_undo and not strokes.get("objects"):
            return
        self._add(Sketch(strokes, picture, self.now.under))

    def undo(self) -> None:
        """Take back the last stroke, or the last clearing."""
        if self.can_undo:
            self.steps.pop()
            self.begin_anew()

    def clear(self) -> None:
        """An empty canvas; undo brings the drawing back."""
        if self.can_clear:
            self._add(Sketch())
            self.begin_anew()

    def draw_over(self, digit: Bytes) -> None:
        """Begin with a digit, uint8 (28, 28), under the strokes; undo brings back what was there."""
        self._add(Sketch(under=digit))
        self.begin_anew()

    def begin_anew(self) -> None:
        """Have the browser make a canvas with the strokes that are known: one that comes back starts empty."""
        self.begins_with, self.version = self.now.strokes, self.version + 1

    def _add(self, sketch: Sketch) -> None:
        self.steps = [*self.steps[-MOST_STEPS:], sketch]


def drawing() -> Drawing:
    """This visitor's drawing."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Drawing()
    kept: Drawing = st.session_state[_KEY]
    return kept


def picture(sketch: Sketch) -> Rgba | None:
    """What a sketch looks like, uint8 (280, 280, 4); None while nothing is on it."""
    if sketch.under is None:
        return sketch.picture
    paper = np.dstack([enlarged(sketch.under), np.full((SIDE, SIDE), 255, np.uint8)])
    if sketch.picture is None:
        return paper
    return np.array(Image.alpha_composite(Image.fromarray(paper), Image.fromarray(sketch.picture)))


def enlarged(digit: Bytes) -> Rgba:
    """The digit as dark ink on paper, uint8 (280, 280, 3)."""
    gray = Image.fromarray(255 - digit).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.array(gray.convert("RGB"))


UPLOAD = "draw.uploaded"


class SourceView(View):
    """Where a digit comes from."""

    source: Literal["draw", "upload", "test"] = "draw"


def brought() -> Rgba | None:
    """What was last drawn or uploaded, uint8 (H, W, 4), asked without its pickers; None where nothing was."""
    if view_now(SourceView).source == "upload":
        found: Rgba | None = st.session_state.get(UPLOAD, (None, None, None))[0]
        return found
    return picture(drawing().now)
