"""Keep a drawing with its true label."""

import streamlit as st

from core.config.datasets import BUILT_IN
from core.errors import DigitLabError
from core.text import say
from pages.draw.own_drawings import collection
from pages.state.drawing import Rgba
from pages.state.plain_text import plain_text


def drawing_label(rgba: Rgba, answer: int) -> None:
    """A label picker, and a button that adds the drawing to the visitor's collection."""
    with st.popover(say("draw.keep"), icon=":material/bookmark_add:"):
        st.caption(say("draw.keep_what"))
        label = st.segmented_control(
            say("draw.label"), list(range(len(BUILT_IN["mnist"].classes))), default=answer, key=f"draw.label.{answer}"
        )
        if (
            st.button(say("draw.keep_it"), key="draw.keep", type="primary", disabled=label is None)
            and label is not None
        ):
            try:
                collection().add(rgba, int(label))
            except DigitLabError as error:
                st.warning(plain_text(error.message))
            else:
                st.toast(say("draw.kept", label=label), icon=":material/bookmark_added:")
                st.rerun()
