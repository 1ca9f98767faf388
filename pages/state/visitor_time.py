"""Times in the visitor's time zone."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

import streamlit as st

from core import formatting as figures


def zone() -> tzinfo | None:
    """The browser's time zone; None, which means the server's, if it is unknown."""
    try:
        return ZoneInfo(st.context.timezone or "")
    # a browser may send any text, such as an unknown name or a path
    except (KeyError, ValueError, OSError):
        return None


def moment(seconds: float) -> str:
    """Seconds since 1970 as date and time, to the minute."""
    return figures.moment(seconds, zone())
