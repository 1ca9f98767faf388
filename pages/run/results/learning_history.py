"""Over the epochs: each class's recall, and the digits that were learned and forgotten."""

import streamlit as st

from core.analysis.history import learning, recall_by_epoch
from core.charts.epochs import recall_figure
from core.data.sprite import digit_uris
from core.errors import UnreadableRun
from core.text import say
from pages.shared.digit_images import ready_images
from pages.shared.run_header import Looked
from pages.state.page_links import go
from pages.state.plain_text import plain_text
from pages.state.server_state import history
from pages.state.theme import colors
from pages.widgets.chart import chart

HEIGHT = 380
MOST = 100
_PICTURE = "picture"


def learning_history(looked: Looked) -> None:
    """Recall over the epochs, and the digits most often forgotten; a row opens its digit."""
    if len(looked.epochs) < 2:
        st.caption(say("learning.one_epoch"))
        return
    try:
        past = history(looked.run, looked.part)
    except UnreadableRun as error:
        st.warning(plain_text(error.message))
        return
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.markdown(f"**{say('learning.recall')}**", help=say("learning.recall_help"))
        figure = recall_figure(recall_by_epoch(past), chosen_epoch=looked.epoch, colors=colors(), height=HEIGHT)
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
        if images is not None:
            often.insert(0, _PICTURE, digit_uris(images[often.index], dark=colors().dark))
        st.dataframe(
            often,
            column_config={
                "_index": st.column_config.NumberColumn(say("table.index"), pinned=True),
                _PICTURE: st.column_config.ImageColumn(say("learning.digit"), width=60),
                "label": st.column_config.NumberColumn(say("table.label")),
                "learned": st.column_config.NumberColumn(say("learning.learned"), help=say("learning.learned_help")),
                "forgotten": st.column_config.NumberColumn(say("learning.times")),
                "last": st.column_config.NumberColumn(say("learning.last")),
            },
            height=HEIGHT - 60,
            row_height=40,
            key="learning.table",
            on_select=lambda: _open(often.index.tolist()),
            selection_mode="single-row",
            placeholder=say("learning.never"),
            alt=say("learning.forgotten"),
        )


def _open(indices: list[int]) -> None:
    rows = st.session_state["learning.table"]["selection"]["rows"]
    if rows and rows[0] < len(indices):
        go("mistakes", show="mistakes", digit=indices[rows[0]])
