"""The table of all predictions, as at the end of the tutorials, and its crosstab."""

import streamlit as st

from core.analysis.mistakes import crosstab
from core.analysis.mistakes import digit_table as table_of
from core.analysis.query import matching
from core.array_types import Bytes
from core.errors import DigitLabError
from core.text import say
from pages.run.mistakes.view import MistakesView
from pages.shared.run_header import Looked
from pages.state.plain_text import plain_text
from pages.state.url_state import bound
from pages.state.view import LONGEST_TEXT

HEIGHT = 420


def digit_table(looked: Looked, view: MistakesView, images: Bytes | None) -> None:  # noqa: ARG001 shows no images
    """Each digit's label and prediction, filtered by a condition, with a CSV download."""
    table = table_of(looked.answers)
    st.text_input(
        say("table.find"),
        max_chars=LONGEST_TEXT,
        placeholder=say("table.example"),
        help=say("table.find_help"),
        **bound("find", view.find),
    )
    try:
        found = matching(table, view.find)
    except DigitLabError as error:
        st.warning(plain_text(error.message))
        found = table
    left, right = st.columns(2, gap="medium")
    with left:
        with st.container(horizontal=True, vertical_alignment="center", height=40, border=False):
            st.markdown(f"**{say('table.rows', count=f'{len(found):,}', of=f'{len(table):,}')}**")
            st.download_button(
                say("table.download"),
                lambda: found.to_csv(float_format="%.6g"),
                file_name=f"{looked.run.id}-epoch-{looked.epoch}-{looked.part}.csv",
                mime="text/csv",
                key="table.download",
                icon=":material/download:",
                on_click="ignore",
                type="tertiary",
            )
        st.dataframe(
            found,
            column_config={
                "_index": st.column_config.NumberColumn(say("table.index"), pinned=True),
                "label": st.column_config.NumberColumn(say("table.label")),
                "predict": st.column_config.NumberColumn(say("table.predict")),
                "confidence": st.column_config.NumberColumn(say("table.confidence"), format="%.4f"),
                "loss": st.column_config.NumberColumn(say("table.loss"), format="%.4f"),
                "margin": st.column_config.NumberColumn(
                    say("table.margin"), format="%.4f", help=say("table.margin_help")
                ),
            },
            height=HEIGHT,
            key="table.rows",
            alt=say("table.alt"),
        )
    with right:
        with st.container(height=40, border=False, vertical_alignment="center"):
            st.markdown(f"**{say('table.crosstab')}**", help=say("table.crosstab_help"))
        counts = crosstab(looked.answers)
        st.dataframe(
            counts,
            column_config={name: st.column_config.NumberColumn(width=46) for name in map(str, counts.columns)},
            height="content",
            key="table.crosstab",
            alt=say("table.crosstab"),
        )
