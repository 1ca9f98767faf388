"""The four figures of a run, each with its change since the epoch before."""

import math

import streamlit as st

from core import formatting as figures
from core.charts.learning_curves import Curves
from core.runs.folder import BATCH_COLUMNS
from core.text import say


def figure_cards(curves: Curves, *, validated: bool) -> None:
    """Cards for loss and accuracy, of training and, where something was held out, of validation."""
    names = ["loss", "accuracy", *(["val_loss", "val_accuracy"] if validated else [])]
    with st.grid(len(names), min_column_width=150):
        for name in names:
            _card(curves, name)


def _card(curves: Curves, name: str) -> None:
    values = [value for value in curves.column(name) if not math.isnan(value)]
    if not values and curves.newest and name in ("loss", "accuracy"):
        # until the first epoch is whole, what the newest batches gave
        values = [curves.newest[BATCH_COLUMNS.index(name)]]
    is_loss = name.endswith("loss")
    show = figures.loss if is_loss else figures.percent
    change = values[-1] - values[-2] if len(values) > 1 else None
    if change is not None and abs(change) < 0.00005:
        change = None
    st.metric(
        say(f"watch.{name}"),
        show(values[-1] if values else None),
        # a card without a change would be lower, and grow at the end of the first epoch
        delta=say("watch.no_change") if change is None else _change(change, is_loss=is_loss),
        delta_color="off" if change is None else "inverse" if is_loss else "normal",
        delta_arrow="off" if change is None else "auto",
        border=True,
        help=say(f"watch.{name}_help"),
    )


def _change(change: float, *, is_loss: bool) -> str:
    return f"{change:+.4f}" if is_loss else say("watch.points", change=f"{100 * change:+.2f}")
