"""Whether the visitor is the server's owner, and the limits that apply."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.server.connection import Machine, is_local
from core.server.limits import Settings
from pages.state.server_state import settings

if TYPE_CHECKING:
    from streamlit.runtime.session_manager import ClientContext

_LOCAL = "rights.local"
_judged: "WeakKeyDictionary[ClientContext, bool]" = WeakKeyDictionary()
"""Judged once per connection, whose address and headers do not change."""


def is_owner() -> bool:
    """Whether this visitor has the owner's rights; raises DigitLabError if the settings cannot be read."""
    server = settings()
    return not server.public and (server.trust_network or _is_local())


def limits() -> Settings:
    """The settings with this visitor's limits; raises DigitLabError if they cannot be read."""
    server = settings()
    return server if server.public or is_owner() else server.for_strangers()


def peer() -> str:
    """The IP address of the connection; empty if unknown."""
    connection = _connection()
    address = connection.remote_ip if connection else None
    return address if isinstance(address, str) else ""


def _is_local() -> bool:
    connection = _connection()
    if connection is None:
        # the browser disconnected during the rerun
        return bool(st.session_state.get(_LOCAL, False))
    if connection not in _judged:
        # st.context.ip_address is None for loopback and for no address alike
        address = connection.remote_ip
        # AppTest mocks the connection, and has no other visitors; a server gives an address or None
        tested = not isinstance(address, str | None)
        local = tested or is_local(address, connection.headers, Machine.this())
        st.session_state[_LOCAL] = _judged[connection] = local
    return _judged[connection]


def _connection() -> "ClientContext | None":
    context = get_script_run_ctx()
    client = runtime.get_instance().get_client(context.session_id) if context else None
    return client.client_context if client else None
