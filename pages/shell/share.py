"""Share: the address of the present view, to copy or as a QR code."""

from functools import partial
from html import escape
from urllib.parse import urlsplit

import segno
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.text import say
from pages.state.address import address
from pages.widgets.copy_field import copy_field

_LOCAL = ("localhost", "127.0.0.1", "::1")


def share(place: DeltaGenerator, page: str) -> None:
    """Draw the button; call after the page, which may change its address."""
    with place:
        st.fragment(partial(_share, page))()


def _share(page: str) -> None:
    label, icon = say("share.button"), ":material/share:"
    button = st.popover(label, key="top.share", icon=icon, type="tertiary", on_change="rerun")
    if not button.open:
        return
    link = address(page)
    with button, st.container(gap="small", key="share.room"):
        copy_field(
            "share.address",
            link,
            label=say("share.address"),
            copy=say("share.copy"),
            copied=say("share.copied"),
            by_hand=say("share.by_hand"),
        )
        _qr_code(link)
        if urlsplit(link).hostname in _LOCAL:
            st.caption(say("share.only_here"))
        st.caption(say("share.not_in"))


def _qr_code(link: str) -> None:
    try:
        code = segno.make(link, error="l", micro=False)
    except segno.DataOverflowError:
        st.caption(say("share.too_long"))
        return
    # with the light border that readers need, on a dark page too
    picture = code.svg_data_uri(border=4, dark="#000", light="#fff", scale=8)
    st.html(f'<img src="{picture}" alt="{escape(say("share.qr_alt"))}" style="width:100%;border-radius:0.5rem">')
