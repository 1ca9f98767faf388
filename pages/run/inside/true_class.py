"""A digit's true class: its label, or for a drawing what the visitor says."""

from hashlib import sha256

import streamlit as st

from core.config.network import CLASSES
from core.text import say
from pages.run.inside.head import Inside


def true_class(inside: Inside) -> int:
    """The label; for a drawing the choice in a picker, by default the prediction."""
    if inside.subject.label is not None:
        return inside.subject.label
    predicted = int(inside.probabilities.argmax())
    # a key per drawing, shared by the parts of the page that ask
    key = f"inside.true.{sha256(inside.image.tobytes()).hexdigest()[:12]}"
    chosen = st.selectbox(
        say("output.drawn"),
        [None, *range(CLASSES)],
        format_func=lambda digit: say("output.as_read", digit=predicted) if digit is None else str(digit),
        help=say("output.drawn_help"),
        width=260,
        key=key,
        persist_state="session",
    )
    return predicted if chosen is None else int(chosen)
