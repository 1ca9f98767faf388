"""The network from left to right: what each layer makes of the digit."""

import streamlit as st

from core.view import View
from core.words import say
from pages.parts.inside.head import Inside


def layers(inside: Inside, view: View) -> None:  # noqa: ARG001 every part of the page is asked alike
    """Each layer with its output shape and parameters."""
    st.dataframe(
        {
            say("inside.layer"): [row.layer.name for row in inside.table],
            say("inside.shape"): ["×".join(map(str, row.output_shape)) for row in inside.table],
            say("inside.parameters"): [row.parameters for row in inside.table],
        },
        hide_index=True,
        key="inside.table",
    )
