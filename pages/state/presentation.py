"""Whether the page is presented: without a menu, and enlarged to fill the screen."""

import streamlit as st

PARAMETER = "present"


def presenting() -> bool:
    """Whether the address says so."""
    return st.query_params.get(PARAMETER) == "1"


def turn_presentation() -> None:
    """Begin or end it; call from a callback."""
    if presenting():
        del st.query_params[PARAMETER]
    else:
        st.query_params[PARAMETER] = "1"


def presented() -> dict[str, str]:
    """The parameter of links that keeps it."""
    return {PARAMETER: "1"} if presenting() else {}
