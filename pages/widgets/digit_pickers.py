"""Pickers for an image of a data set: by index, by class, or at random."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.array_types import Bytes, Indices
from core.text import say
from pages.state.shortcuts import NEXT_DIGIT, PREVIOUS_DIGIT
from pages.state.url_state import bound, change
from pages.widgets.random_button import random_button
from pages.widgets.turn_buttons import turn_buttons


def digit_pickers(labels: Bytes, index: int, classes: Sequence[str]) -> None:
    """Draw the pickers with this image selected; labels uint8 (n,). They stay side by side on a phone."""
    last = len(labels) - 1
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(say("digit_pickers.number"), 0, last, width=124, **bound("digit", index, options=(last,)))
        st.selectbox(
            say("digit_pickers.class"),
            range(len(classes)),
            format_func=classes.__getitem__,
            width=90 if max(map(len, classes)) < 3 else 160,
            **bound(
                "class",
                int(labels[index]),
                first="index",
                options=range(len(classes)),
                then=lambda label: {"digit": _any(np.flatnonzero(labels == label))},
            ),
        )
        label, key = say("digit_pickers.random"), "digit_pickers.random"
        random_button(label, key, lambda: change(digit=_any(np.arange(last + 1))))
        _turn(index, last)


def _turn(index: int, last: int) -> None:
    """Buttons to the digits before and after this one."""
    with st.container(horizontal=True, gap=None, width="content", key="digit_pickers.turn"):
        turn_buttons(
            ("digit_pickers.previous", "digit_pickers.next"),
            index,
            range(last + 1),
            lambda digit: change(digit=digit),
            shortcuts=(PREVIOUS_DIGIT, NEXT_DIGIT),
            kind="tertiary",
        )


def _any(indices: Indices) -> int:
    return int(np.random.default_rng().choice(indices))
