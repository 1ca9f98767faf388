"""Over the epochs: each class's recall, and the digits that were learned and forgotten."""

import pandas as pd
import streamlit as st

from core.analysis.history import learning, recall_by_epoch
from core.charts.epochs import recall_figure
from core.errors import UnreadableRun
from core.text import say
from pages.shared.digit_images import ready_images
from pages.shared.run_header import Looked
from pages.state.page_links import go
from pages.state.plain_text import plain_text
from pages.state.server_state import history
from pages.state.theme import colors
from pages.widgets.chart import chart
from pages.widgets.digit_table import Column, Row, digit_table
from pages.widgets.note import note

HEIGHT = 380
MOST = 100


def learning_history(looked: Looked) -> None:
    """Recall over the epochs, and the digits most often forgotten; a row opens its digit."""
    if len(looked.epochs) < 2:
        st.caption(say("learning.one_epoch"))
        return
    try:
        past = history(looked.run, looked.part)
    except UnreadableRun as error:
        note(plain_text(error.message))
        return
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.markdown(f"**{say('learning.recall')}**", help=say("learning.recall_help"))
        figure = recall_figure(
            recall_by_epoch(past),
            classes=looked.classes,
            chosen_epoch=looked.epoch,
            colors=colors(),
            height=HEIGHT,
        )
        alt = say("learning.recall_alt", epochs=len(past.epochs))
        chart("learning.recall", figure, name="recall", alt=alt)
    with right:
        table = learning(past)
        forgotten = table[table["forgotten"] > 0]
        often = forgotten.sort_values("forgotten", ascending=False, kind="stable").head(MOST)
        never = f"{table['learned'].isna().sum():,}"
        st.markdown(f"**{say('learning.forgotten')}**", help=say("learning.forgotten_help"))
        st.caption(say("learning.summary", forgotten=f"{len(forgotten):,}", never=never, last=past.epochs[-1]))
        images = ready_images(looked)
        digit_table(
            "forgotten",
            [
                Column("index", say("table.index")),
                Column("label", say("table.label")),
                Column("learned", say("learning.learned"), help=say("learning.learned_help")),
                Column("forgotten", say("learning.times")),
                Column("last", say("learning.last")),
            ],
            [_row(looked, index, often.loc[index]) for index in often.index.tolist()],
            alt=say("learning.forgotten"),
            images=None if images is None else images[often.index],
            ink=looked.ink,
            most=22.0,
            on_open=lambda digit: go("mistakes", show="mistakes", digit=digit),
        )


def _row(looked: Looked, index: int, values: pd.Series) -> Row:
    learned = values["learned"]
    label, last = (looked.classes[int(values[name])] for name in ("label", "last"))
    return Row(
        index,
        str(index),
        [label, say("learning.never") if pd.isna(learned) else str(learned), str(values["forgotten"]), last],
        wrong=frozenset() if last == label else {3},
        hover=say("opened.alt", label=label),
    )
