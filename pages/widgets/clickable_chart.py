"""A chart whose points can be clicked, and pickers that select the same by touch and keyboard."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.text import say
from pages.state.url_state import bound
from pages.widgets.chart import chart

ANY = "any"


def clickable_chart(name: str, figure: go.Figure, *, alt: str, on_choose: Callable[..., None]) -> None:
    """Draw a figure; a click on a point calls on_choose with its first two customdata, as a callback."""
    slot = f"{name}.clicks"
    # a new key after every click: with the same key a chart that returns to an earlier state also gets back its
    # selection, and clicking the selected cell sends no event
    key = f"{name}.{st.session_state.get(slot, 0)}"
    chart(key, figure, name=name, alt=alt, on_points=partial(_click, key, slot, on_choose))


def class_picker(name: str, value: int | None, classes: Sequence[str], *, compact: bool = False, **also: Any) -> None:
    """A picker for one of the classes or any; `also` as in `bound`; a compact one has its label in its choices."""
    options = [ANY, *range(len(classes))]
    label = say("cells.predicted" if name.endswith("predicted") else "cells.true")

    def text(choice: str | int) -> str:
        chosen = say("cells.any") if isinstance(choice, str) else classes[choice]
        return say("cells.labelled", label=label, choice=chosen) if compact else chosen

    st.selectbox(
        label,
        options,
        format_func=text,
        width=155 if compact else 130,
        label_visibility="collapsed" if compact else "visible",
        **bound(
            name,
            ANY if value is None else value,
            first="index",
            options=options,
            then=lambda chosen: {name: None if chosen == ANY else chosen},
            also=also,
        ),
    )


def _click(key: str, slot: str, on_choose: Callable[..., None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    st.session_state[slot] = st.session_state.get(slot, 0) + 1
    if points and points[0].get("customdata"):
        on_choose(*map(int, points[0]["customdata"][:2]))
