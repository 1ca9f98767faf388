"""Precision, recall and F1 of each class, and what it is mistaken for."""

import pandas as pd
import streamlit as st

from core.analysis.confusion import confusion_matrix, per_class
from core.text import say
from pages.shared.run_header import Looked

ROW_HEIGHT = 32


def class_table(looked: Looked) -> None:
    """A sortable table with bars."""
    table = per_class(confusion_matrix(looked.answers))
    shares = ["precision", "recall", "f1"]
    percent = 100 * table[shares]
    low = max(0.0, float(percent.min().min()) - 1)
    mistaken = [
        say("classes.mistaken", other=int(other), count=int(count)) if count else ""
        for other, count in zip(table["confused_with"].fillna(-1), table["confused_count"], strict=True)
    ]
    shown = pd.concat([percent, table[["support", "errors"]]], axis=1).assign(confused=mistaken)
    bars = {
        name: st.column_config.ProgressColumn(
            say(f"classes.{name}"), help=say(f"classes.{name}_help"), format="%.2f %%", min_value=low, max_value=100
        )
        for name in shares
    }
    st.dataframe(
        shown,
        column_config={
            "_index": st.column_config.NumberColumn(say("classes.label"), pinned=True),
            **bars,
            "support": st.column_config.NumberColumn(say("classes.support"), help=say("classes.support_help")),
            "errors": st.column_config.NumberColumn(say("classes.errors")),
            "confused": st.column_config.TextColumn(say("classes.confused"), help=say("classes.confused_help")),
        },
        height=ROW_HEIGHT * (len(shown) + 1) + 4,
        row_height=ROW_HEIGHT,
        key="classes.table",
        alt=say("classes.alt"),
    )
    st.caption(say("classes.bars", low=f"{low:.0f}"))
