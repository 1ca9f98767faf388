"""All sweeps, for an address that names none."""

from collections.abc import Sequence

import streamlit as st

from core.sweeps.folder import Listed
from core.text import say
from pages.state.page_links import page_link
from pages.state.plain_text import plain_text
from pages.state.visitor_time import moment


def sweep_list(found: Sequence[Listed]) -> None:
    """A link to each sweep, the newest first; where there is none, how to start one."""
    if not found:
        st.caption(say("sweep_page.none"))
        page_link("train", say("pages.train"), icon="play_arrow")
    with st.container(key="sweep.list", gap="xsmall"):
        for each in found:
            state = say(f"sweep_page.state.{each.status.state}")
            label = say("sweep_page.listed", name=plain_text(each.worded_name), state=state, when=moment(each.created))
            page_link("sweep", label, icon="tune", parameters={"sweep": each.id})
