"""The canvas; only this module uses the drawing component."""

import logging
from typing import Any

import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from core.drawing.pictures import UnreadablePicture, read_picture
from core.text import say
from pages.state.drawing import PEN_WIDTH, PEN_WIDTHS, SIDE, Drawing, Rgba, enlarged, picture

PAPER, INK = "#FFFFFF", "#1B1F24"
# in the dark theme bright ink on dark paper; what is sent and kept is ink on white paper
_STYLE = (
    ".dc-toolbar { display: none !important } .dc-canvas { outline: none !important }"
    " .dc-container { filter: var(--frame-paper) } .dc-root { outline: 1px solid var(--st-border-color) }"
)


def _without_toolbar() -> None:
    """Register the component again without its toolbar, which repeats Undo and Clear and appears only under a mouse."""
    registry = logging.getLogger("streamlit.components.v2.component_registry")
    # it warns of the second registration
    level = registry.level
    registry.setLevel(logging.ERROR)
    st.components.v2.component(
        "streamlit-drawable-canvas.streamlit_drawable_canvas",
        js="index-*.js",
        css="index-*.css",
        html=f'<style>{_STYLE}</style><div class="canvas-root"></div>',
        isolate_styles=True,
    )
    registry.setLevel(level)


_without_toolbar()


def digit_canvas(drawing: Drawing) -> Rgba | None:
    """A canvas with undo, clear and pen width; returns its picture, uint8 (280, 280, 4), or None while empty."""
    if _key(drawing) not in st.session_state and drawing.now.strokes != drawing.begins_with:
        # the visitor is back from another page
        drawing.begin_anew()
    pen = int(st.session_state.get("draw.pen", PEN_WIDTH))
    if pen != drawing.pen:
        # two quick changes make the browser recreate the canvas, which must start with the strokes it has now
        drawing.pen, drawing.begins_with = pen, _sent(drawing)
    with st.container(key="draw.board"):
        _board(drawing, pen)
    return picture(drawing.now)


def _board(drawing: Drawing, pen: int) -> None:
    """The canvas between its tools and the width of the pen."""
    tools = st.container(horizontal=True, vertical_alignment="center", gap="small")
    under = drawing.now.under
    result = st_canvas(
        stroke_width=pen,
        stroke_color=INK,
        background_color=PAPER if under is None else "",
        background_image=None if under is None else Image.fromarray(enlarged(under)),
        height=SIDE,
        width=SIDE,
        drawing_mode="freedraw",
        initial_drawing=drawing.begins_with,
        return_image_data=True,
        key=_key(drawing),
    )
    drawing.take(*_said(result))
    with tools:
        # after the canvas is read, so that Undo is enabled from the first stroke
        _tools(drawing)
    st.slider(say("draw.pen"), *PEN_WIDTHS, PEN_WIDTH, step=2, key="draw.pen", format="%d px", persist_state="session")


def _said(result: Any) -> tuple[dict[str, Any] | None, Rgba | None]:
    """Strokes and their picture; None if invalid, since a browser may send anything."""
    strokes = result.json_data
    try:
        # the component's own decoder accepts a picture of any size
        content: bytes | None = result.image_bytes
        picture = None if content is None else read_picture(content)
    except (UnreadablePicture, ValueError, TypeError, AttributeError):
        picture = None
    return strokes if isinstance(strokes, dict) else None, picture


def _key(drawing: Drawing) -> str:
    return f"draw.canvas.{drawing.version}"


def _sent(drawing: Drawing) -> dict[str, Any] | None:
    """The strokes in the browser, which may have arrived with this rerun."""
    sent = st.session_state.get(_key(drawing)) or {}
    strokes: dict[str, Any] | None = (sent.get("drawing") or {}).get("raw")
    return strokes or drawing.now.strokes


def _tools(drawing: Drawing) -> None:
    for name, icon, usable, on_click in (
        ("undo", "undo", drawing.can_undo, drawing.undo),
        ("clear", "delete", drawing.can_clear, drawing.clear),
    ):
        st.button(
            say(f"draw.{name}"),
            key=f"draw.{name}",
            icon=f":material/{icon}:",
            type="tertiary",
            disabled=not usable,
            on_click=on_click,
        )
