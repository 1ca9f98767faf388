"""A run's four metrics, each with its change since the previous epoch."""

import math

import streamlit as st

from core import formatting as figures
from core.charts.learning_curves import Curves
from core.runs.folder import BATCH_COLUMNS
from core.text import say


def figure_cards(curves: Curves, *, validated: bool) -> None:
    """Cards for training loss and accuracy and, if the run has validation data, for theirs."""
    names = ["loss", "accuracy", *(["val_loss", "val_accuracy"] if validated else [])]
    with st.grid(len(names), min_column_width=150):
        for name in names:
            _card(curves, name)


def _card(curves: Curves, name: str) -> None:
    values = [value for value in curves.column(name) if not math.isnan(value)]
    if not values and curves.newest and name in ("loss", "accuracy"):
        # during the first epoch, show the latest batches' average
        values = [curves.newest[BATCH_COLUMNS.index(name)]]
    is_loss = name.endswith("loss")
    show = figures.loss if is_loss else figures.percent
    change = values[-1] - values[-2] if len(values) > 1 else None
    if change is not None and abs(change) < 0.00005:
        change = None
    st.metric(
        say(f"watch.{name}"),
        show(values[-1] if values else None),
        # a card without a delta is lower, and would grow after the first epoch
        delta=say("watch.no_change") if change is None else _change(change, is_loss=is_loss),
        delta_color="off" if change is None else "inverse" if is_loss else "normal",
        delta_arrow="off" if change is None else "auto",
        border=True,
        help=say(f"watch.{name}_help"),
    )


def _change(change: float, *, is_loss: bool) -> str:
    return f"{change:+.4f}" if is_loss else say("watch.points", change=f"{100 * change:+.2f}")
