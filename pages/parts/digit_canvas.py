"""The canvas: the one place that knows the drawing component."""

import numpy as np
import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from core.words import say
from pages.parts.drawing import PEN_WIDTH, PEN_WIDTHS, SIDE, Drawing, Rgba

PAPER, INK = "#FFFFFF", "#1B1F24"
_TOOLBAR = 44
"""Pixels above the canvas over which its own tools appear."""


def digit_canvas(drawing: Drawing) -> Rgba | None:
    """A canvas to draw on, with undo, clear and the pen's width; its picture, uint8 (280, 280, 4), None while empty."""
    key = f"draw.canvas.{drawing.version}"
    if key not in st.session_state and drawing.steps[-1].strokes != drawing.begins_with:
        # back from another page
        drawing.begin_anew()
        key = f"draw.canvas.{drawing.version}"
    with st.container(height=_TOOLBAR, border=False, horizontal=True, vertical_alignment="center"):
        st.button(
            say("draw.undo"),
            key="draw.undo",
            icon=":material/undo:",
            type="tertiary",
            disabled=not drawing.can_undo,
            on_click=drawing.undo,
        )
        st.button(
            say("draw.clear"),
            key="draw.clear",
            icon=":material/delete:",
            type="tertiary",
            disabled=drawing.picture is None,
            on_click=drawing.clear,
        )
    result = st_canvas(
        stroke_width=st.session_state.get("draw.pen", PEN_WIDTH),
        stroke_color=INK,
        background_color="" if drawing.under is not None else PAPER,
        background_image=None if drawing.under is None else Image.fromarray(_enlarged(drawing)),
        height=SIDE,
        width=SIDE,
        drawing_mode="freedraw",
        initial_drawing=drawing.begins_with,
        return_image_data=True,
        key=key,
    )
    drawing.take(result.json_data, result.image_data)
    st.slider(say("draw.pen"), *PEN_WIDTHS, PEN_WIDTH, step=2, key="draw.pen", format="%d px", persist_state="session")
    return _picture(drawing)


def _picture(drawing: Drawing) -> Rgba | None:
    if drawing.under is None:
        return drawing.picture
    under = np.dstack([_enlarged(drawing), np.full((SIDE, SIDE), 255, np.uint8)])
    if drawing.picture is None:
        return under
    both = Image.alpha_composite(Image.fromarray(under), Image.fromarray(drawing.picture))
    return np.array(both)


def _enlarged(drawing: Drawing) -> Rgba:
    """The digit under the strokes as dark ink on paper, uint8 (280, 280, 3)."""
    assert drawing.under is not None
    grey = Image.fromarray(255 - drawing.under).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.array(grey.convert("RGB"))
