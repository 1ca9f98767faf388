"""A run's size on disk, and what of it can be deleted."""

from functools import partial
from typing import get_args

import streamlit as st

from core import formatting as figures
from core.errors import DigitLabError
from core.runs.disk import DiskUses, Kind, lost
from core.runs.entries import Run
from core.text import say
from pages.state.plain_text import plain_text
from pages.state.visitor import access
from pages.widgets.confirmation import confirm_deletion


@st.cache_resource(show_spinner=False)
def _uses() -> DiskUses:
    return DiskUses()


def disk_space(run: Run) -> None:
    """The size, and a button for each kind of file that this visitor may delete, with a confirmation."""
    use = _uses().of(run)
    st.subheader(say("run_settings.disk"), anchor=False, help=say("run_settings.disk_help"))
    st.markdown(say("run_settings.size", size=figures.size(use.total)))
    if run.shipped or run.opened or run.in_use or not access().may_change(run):
        return
    with st.container(horizontal=True):
        for kind in get_args(Kind):
            freed = figures.size(use.cleanable[kind])
            if use.cleanable[kind] and st.button(
                say(f"run_settings.clean.{kind}", size=freed),
                key=f"disk_space.{kind}",
                icon=":material/mop:",
            ):
                confirm_deletion(
                    say(f"run_settings.really.{kind}"),
                    say("run_settings.loses", size=freed, lost=say(lost(run, kind))),
                    "disk_space",
                    say("run_list.keep"),
                    say("run_list.delete_now"),
                    partial(_clean, run, kind),
                )


def _clean(run: Run, kind: Kind) -> None:
    try:
        access().clean(run, kind)
    except DigitLabError as error:
        st.toast(plain_text(error.message), icon=":material/error:")
