"""What a person may choose about the form and the division of their images."""

from typing import Literal

import streamlit as st

from core.config.datasets import LARGEST_SIDE, MODES, SMALLEST_SIDE
from core.data.form import Wish
from core.data.importing import Choices
from core.text import say
from pages.state.language import key_for_labels

_SIDES = tuple(
    side for side in (8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96, 128) if SMALLEST_SIDE <= side <= LARGEST_SIDE
)
_CHANNELS: tuple[Literal[1, 3] | None, ...] = (None, 1, 3)


def data_choices(before: Choices) -> Choices:
    """Draw the choices, beginning with these, and return what is chosen."""
    size = before.wish.size[0] if before.wish.size else None
    left, right = st.columns(2)
    with left:
        side = st.selectbox(
            say("data_sets.size"),
            (None, *_SIDES),
            index=(None, *_SIDES).index(size) if size in _SIDES else 0,
            format_func=lambda side: say("data_sets.size_own") if side is None else f"{side} × {side}",
            help=say("data_sets.size_help"),
            key=key_for_labels("data_add.size"),
        )
        channels = st.selectbox(
            say("data_sets.channels"),
            _CHANNELS,
            index=_CHANNELS.index(before.wish.channels),
            format_func=lambda channels: say(f"data_sets.channels_are.{channels or 'own'}"),
            key=key_for_labels("data_add.channels"),
        )
    with right:
        mode = st.selectbox(
            say("data_sets.mode"),
            MODES,
            index=MODES.index(before.wish.mode),
            format_func=lambda mode: say(f"data_sets.modes.{mode}"),
            help=say("data_sets.mode_help"),
            key=key_for_labels("data_add.mode"),
        )
        share = st.number_input(
            say("data_sets.share"),
            1,
            90,
            round(100 * before.share),
            help=say("data_sets.share_help"),
            key="data_add.share",
        )
    return Choices(Wish((side, side) if side else None, mode, channels), share / 100, before.seed)
