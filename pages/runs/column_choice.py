"""The person's choice of the table's columns."""

from collections.abc import Collection

import streamlit as st

from core.text import say
from pages.runs.columns import NAMES, default_columns
from pages.runs.view import RunsView
from pages.state.url_state import change

_KEY = "runs.columns"


def column_choice(view: RunsView, tags: Collection[str]) -> tuple[str, ...]:
    """A popover with all columns; returns the names of those to show, in their order. `tags` are those of all runs."""
    default = default_columns(tags)
    shown = tuple(name for name in NAMES if name in (view.columns or default))
    st.session_state[_KEY] = list(shown)
    with st.popover(say("run_list.columns"), icon=":material/view_column:", key="runs.columns.open", width="content"):
        st.pills(
            say("run_list.columns_label"),
            NAMES,
            selection_mode="multi",
            format_func=lambda name: say(f"run_list.column.{name}"),
            key=_KEY,
            on_change=_choose,
            args=(default,),
        )
        st.button(
            say("run_list.default_columns"),
            key="runs.columns.default",
            type="tertiary",
            disabled=not view.columns,
            on_click=change,
            kwargs={"columns": ()},
        )
    return shown


def _choose(default: tuple[str, ...]) -> None:
    chosen = tuple(name for name in NAMES if name in st.session_state[_KEY])
    change(columns=() if chosen == default else chosen)
