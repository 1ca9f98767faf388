"""Times as the visitor's clock shows them."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

import streamlit as st

from core import formatting as figures


def zone() -> tzinfo | None:
    """The visitor's time zone, as the browser names it; None, the server's own, where it names none that is known."""
    try:
        return ZoneInfo(st.context.timezone or "")
    # a browser may send any text: an unknown name, a folder's, one with a path in it
    except (KeyError, ValueError, OSError):
        return None


def moment(seconds: float) -> str:
    """A time since 1970 as day and minute."""
    return figures.moment(seconds, zone())
