"""Which digit of the training images: by number, by class, or any."""

import numpy as np
import streamlit as st

from core.analysis.answers import Indices
from core.digits.datasets import Dataset
from core.network import CLASSES
from core.words import say
from pages.parts.looking import bound, change


def digit_pickers(data: Dataset, index: int) -> None:
    """The pickers, on this digit."""
    last = len(data.train_labels) - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(say("data_page.number"), 0, last, width=140, **bound("digit", index, options=(last,)))
        st.selectbox(
            say("data_page.class"),
            range(CLASSES),
            format_func=str,
            width=90,
            **bound(
                "class",
                int(data.train_labels[index]),
                first="index",
                options=range(CLASSES),
                then=lambda label: {"digit": _any(np.flatnonzero(data.train_labels == label))},
            ),
        )
        st.button(
            say("data_page.random"),
            key="data.random",
            icon=":material/casino:",
            type="tertiary",
            on_click=lambda: change(digit=_any(np.arange(last + 1))),
        )


def _any(indices: Indices) -> int:
    return int(np.random.default_rng().choice(indices))
