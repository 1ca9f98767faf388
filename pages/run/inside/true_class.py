"""Which class a digit is: its label, or for a drawing what the person says."""

from hashlib import sha256

import streamlit as st

from core.config.network import CLASSES
from core.text import say
from pages.run.inside.head import Inside


def true_class(inside: Inside) -> int:
    """The label; of a drawing what is chosen in a picker, at first what the network reads."""
    if inside.subject.label is not None:
        return inside.subject.label
    read = int(inside.probabilities.argmax())
    # another drawing is another question, and other parts of the page ask it too
    key = f"inside.true.{sha256(inside.image.tobytes()).hexdigest()[:12]}"
    said = st.selectbox(
        say("output.drawn"),
        [None, *range(CLASSES)],
        format_func=lambda digit: say("output.as_read", digit=read) if digit is None else str(digit),
        help=say("output.drawn_help"),
        width=260,
        key=key,
        persist_state="session",
    )
    return read if said is None else int(said)
