"""Figures in a row, each with its name above it and what it is measured in below."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Card:
    """A figure in words."""

    label: str
    value: str
    below: str


def metric_cards(cards: Sequence[Card], *, about: str) -> None:
    """Draw the cards side by side, as many as fit; the first one's help explains all of them."""
    with st.grid(len(cards), min_column_width=150):
        for place, card in enumerate(cards):
            with st.container(gap=None):
                st.metric(card.label, card.value, help=about if not place else None)
                st.caption(card.below)
