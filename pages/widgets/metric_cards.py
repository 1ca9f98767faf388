"""Figures side by side, each with its name above it and, if need be, a few words below."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Card:
    """A figure in words."""

    label: str
    value: str
    below: str = ""


def metric_cards(cards: Sequence[Card], *, about: str, columns: int = 5) -> None:
    """Draw the cards in at most this many columns; the first one's help explains all of them."""
    with st.grid(columns, min_column_width=150):
        for place, card in enumerate(cards):
            with st.container(gap=None):
                st.metric(card.label, card.value, help=about if not place else None)
                if card.below:
                    st.caption(card.below)
