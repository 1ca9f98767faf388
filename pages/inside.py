"""Look inside: one digit through one network, layer by layer, after any epoch."""

import streamlit as st

from core.view import INSIDE_PARTS
from core.words import say
from pages.parts.inside.convolution import convolution
from pages.parts.inside.head import inside_head
from pages.parts.inside.layers import layers
from pages.parts.inside.occlusion import occlusion
from pages.parts.inside.output import output
from pages.parts.inside.pooling import pooling
from pages.parts.inside.projection import projection
from pages.parts.inside.weights import weights
from pages.parts.looking import bound, look
from pages.parts.page_head import page_head

PARTS = {
    "layers": layers,
    "convolution": convolution,
    "pooling": pooling,
    "output": output,
    "occlusion": occlusion,
    "weights": weights,
    "map": projection,
}


def page() -> None:
    page_head(say("pages.inside"), say("inside.what"))
    view = look("inside")
    inside, room = inside_head(view)
    if inside is None:
        return
    with room:
        st.segmented_control(
            say("inside.part"),
            [name for name in INSIDE_PARTS if name in PARTS],
            format_func=lambda name: say(f"inside.parts.{name}"),
            required=True,
            label_visibility="collapsed",
            **bound("part", view.part, first="default"),
        )
        PARTS.get(view.part, layers)(inside, view)


page()
