"""The address of the present view, as the visitor's browser has it."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from pages.state.language import chosen_language
from pages.state.presentation import presented

_IMPLIED = "address.implied"


def imply(page: str, **parameters: str) -> None:
    """Note what this page shows at an address without these parameters, which elsewhere may be something else."""
    st.session_state.setdefault(_IMPLIED, {})[page] = parameters


def implied_parameters(page: str) -> Mapping[str, str]:
    """The parameters last noted for this page."""
    noted: Mapping[str, str] = st.session_state.get(_IMPLIED, {}).get(page, {})
    return noted


def kept_parameters() -> dict[str, str]:
    """The parameters of the address that every link to another page keeps."""
    return presented() | chosen_language()


def address(page: str) -> str:
    """The address of the open page, which leads to the same view in any browser that reaches this server."""
    parameters = {**implied_parameters(page), **chosen_language(), **st.query_params.to_dict()}
    here = st.context.url or ""
    return f"{here}?{urlencode(parameters)}" if parameters else here
