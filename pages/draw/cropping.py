"""The uploaded picture, cropped by a rectangle that the visitor draws on it."""

from typing import Any

import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from core.drawing.to_mnist import SMALLEST
from core.text import say
from pages.state.drawing import SIDE, Crop, Rgba, crop

_LINE, _FILL = "#1c83e1", "rgba(28, 131, 225, 0.15)"


def cropped(picture: Rgba) -> Rgba:
    """Show the picture, uint8 (H, W, 4), and return the part in the rectangle, or all of it while there is none."""
    height, width = picture.shape[:2]
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    now = crop()
    if _key(now) not in st.session_state and now.begins_with is None and now.rectangle is not None:
        # the visitor is back from another page
        now.begin_anew()
    with st.container(key="draw.photo"):
        result = st_canvas(
            drawing_mode="rect",
            stroke_width=2,
            stroke_color=_LINE,
            fill_color=_FILL,
            background_image=_shown(picture, size),
            width=size[0],
            height=size[1],
            initial_drawing=now.begins_with,
            key=_key(now),
        )
    _take(now, result.json_data, size)
    if now.box is None:
        st.caption(say("draw.crop"))
        return picture
    st.button(say("draw.whole"), key="draw.whole", icon=":material/fullscreen:", type="tertiary", on_click=now.clear)
    left, top, right, bottom = (round(share * side) for share, side in zip(now.box, 2 * (width, height), strict=True))
    if min(right - left, bottom - top) < SMALLEST:
        st.caption(say("draw.crop_small"))
        return picture
    return picture[top:bottom, left:right]


def _shown(picture: Rgba, size: tuple[int, int]) -> Image.Image:
    shown = Image.fromarray(picture)
    # the canvas is as large as its width in CSS pixels, and screens have up to two for each
    shown.thumbnail((2 * size[0], 2 * size[1]))
    return shown


def _take(now: Crop, drawing: dict[str, Any] | None, size: tuple[int, int]) -> None:
    """Remember the last rectangle, and have the browser forget the ones before."""
    objects = drawing.get("objects") if isinstance(drawing, dict) else None
    if not isinstance(objects, list) or not objects or not isinstance(objects[-1], dict):
        return
    if now.take(objects[-1], size) and len(objects) > 1:
        now.begin_anew()
        st.rerun(scope="fragment")


def _key(now: Crop) -> str:
    return f"draw.crop.{now.version}"
