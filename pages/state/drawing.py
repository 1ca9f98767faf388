"""A visitor's drawing, kept stroke by stroke across pages."""

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import streamlit as st
from PIL import Image

from core.array_types import Bytes
from pages.state.url_state import view_now
from pages.state.view import View

SIDE = 280
PEN_WIDTHS = (6, 36)
PEN_WIDTH = 20
MOST_STEPS = 60
"""Most steps that can be undone."""

_KEY = "drawing"
Rgba = Bytes


@dataclass(frozen=True, eq=False)
class Sketch:
    """A state of the canvas: the strokes in the component's format, and their picture."""

    strokes: dict[str, Any] | None = None
    picture: Rgba | None = None
    under: Bytes | None = None
    """A digit, uint8 (28, 28), under the strokes."""


@dataclass(kw_only=True)
class Drawing:
    """The canvas during a session; `version` grows for each canvas that starts with other strokes."""

    steps: list[Sketch] = field(default_factory=lambda: [Sketch()])
    begins_with: dict[str, Any] | None = None
    pen: int = PEN_WIDTH
    """The pen width last sent to the browser."""
    version: int = 0

    @property
    def now(self) -> Sketch:
        """The current state of the canvas."""
        return self.steps[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return len(self.steps) > 1

    @property
    def can_clear(self) -> bool:
        """Whether the canvas is not empty."""
        return self.now.under is not None or bool(self.now.strokes and self.now.strokes.get("objects"))

    def take(self, strokes: dict[str, Any] | None, picture: Rgba | None) -> None:
        """Record the canvas's strokes and picture, unless the strokes are unchanged."""
        if picture is None or strokes is None or strokes == self.now.strokes:
            return
        if not self.can_undo and not strokes.get("objects"):
            return
        self._add(Sketch(strokes, picture, self.now.under))

    def undo(self) -> None:
        """Undo the last stroke, clearing or draw-over."""
        if self.can_undo:
            self.steps.pop()
            self.begin_anew()

    def clear(self) -> None:
        """Clear the canvas; undo restores the drawing."""
        if self.can_clear:
            self._add(Sketch())
            self.begin_anew()

    def draw_over(self, digit: Bytes) -> None:
        """Start over on a digit, uint8 (28, 28); undo restores the drawing."""
        self._add(Sketch(under=digit))
        self.begin_anew()

    def begin_anew(self) -> None:
        """Have the browser create a new canvas with the current strokes; a canvas shown again would be empty."""
        self.begins_with, self.version = self.now.strokes, self.version + 1

    def _add(self, sketch: Sketch) -> None:
        self.steps = [*self.steps[-MOST_STEPS:], sketch]


def drawing() -> Drawing:
    """This visitor's drawing."""
    kept: Drawing = st.session_state.setdefault(_KEY, Drawing())
    return kept


def picture(sketch: Sketch) -> Rgba | None:
    """The picture of a sketch, uint8 (280, 280, 4), or None if it is empty."""
    if sketch.under is None:
        return sketch.picture
    paper = np.dstack([enlarged(sketch.under), np.full((SIDE, SIDE), 255, np.uint8)])
    if sketch.picture is None:
        return paper
    return np.array(Image.alpha_composite(Image.fromarray(paper), Image.fromarray(sketch.picture)))


def enlarged(digit: Bytes) -> Rgba:
    """The digit in black on white, uint8 (280, 280, 3)."""
    gray = Image.fromarray(255 - digit).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.array(gray.convert("RGB"))


UPLOAD = "draw.uploaded"
CHOSEN = "draw.chosen_digit"
"""The digit of the uploaded picture that is read, as a drawing; several may be in the picture."""

_CROP = "draw.crop"


@dataclass(kw_only=True)
class Crop:
    """The part of the uploaded picture that is read; `version` grows for each canvas that starts with another one."""

    box: tuple[float, float, float, float] | None = None
    """Left, top, right and bottom, as shares of the picture's width and height."""
    rectangle: dict[str, Any] | None = None
    """The same, in the component's format."""
    begins_with: dict[str, Any] | None = None
    version: int = 0

    def take(self, rectangle: dict[str, Any], size: tuple[int, int]) -> bool:
        """Record a rectangle in the component's format on a canvas of this size; returns whether it is another one."""
        try:
            left, top, width, height, across, down = (
                float(rectangle.get(name, default))
                for name, default in {"left": 0, "top": 0, "width": 0, "height": 0, "scaleX": 1, "scaleY": 1}.items()
            )
        except (TypeError, ValueError):
            return False
        if rectangle.get("originX") == "center":
            left, top = left - width * across / 2, top - height * down / 2
        edges = (left, top, left + width * across, top + height * down)
        if not all(math.isfinite(edge) for edge in edges):
            return False
        box = tuple(min(1.0, max(0.0, edge / side)) for edge, side in zip(edges, 2 * size, strict=True))
        if box == self.box:
            return False
        self.box, self.rectangle = (box[0], box[1], box[2], box[3]), rectangle
        return True

    def clear(self) -> None:
        """Read the whole picture again."""
        self.box = self.rectangle = None
        self.begin_anew()

    def begin_anew(self) -> None:
        """Have the browser create a new canvas with the current rectangle alone."""
        self.begins_with = None if self.rectangle is None else {"objects": [self.rectangle]}
        self.version += 1


def crop() -> Crop:
    """The crop of this visitor's picture."""
    kept: Crop = st.session_state.setdefault(_CROP, Crop())
    return kept


class SourceView(View):
    """The source of a digit."""

    source: Literal["draw", "upload", "test"] = "draw"


def latest_picture() -> Rgba | None:
    """The drawing or the last upload, whichever is the chosen source, uint8 (H, W, 4); None if there is none."""
    if view_now(SourceView).source == "upload":
        found: Rgba | None = st.session_state.get(CHOSEN)
        return found
    return picture(drawing().now)
