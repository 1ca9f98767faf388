"""Identify the visitor: the owner, or a guest by a key in a cookie, which gives them access to their own runs."""

import os
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import streamlit as st

from core.errors import DigitLabError
from core.queue.data_access import DataAccess
from core.queue.permissions import Access, digest_of, is_key, new_key
from core.server.container import in_container
from core.sweeps.permissions import SweepAccess
from core.text import listed, say, speaking
from core.text.terminal import terminal_language
from pages.state.plain_text import plain_text
from pages.state.rights import is_owner, limits, peer
from pages.state.server_state import queue, settings, store, sweeps

COOKIES = ("digit_lab_visitor", "digit_lab_visitor_framed")
"""The second is for a frame on another site, where browsers do not send this site's own cookies."""
_KEY, _MOUNTED = "visitor.key", "visitor.cookie"
_SCRIPT = Path(__file__).parents[2] / "static" / "visitor_key.js"
_mount = st.components.v2.component("visitor_key", html="<i hidden></i>", js=_SCRIPT.read_text(encoding="utf-8"))


def visitor() -> None:
    """Identify the visitor; if the server's settings cannot be read, show the error and stop."""
    try:
        owner = is_owner()
    except DigitLabError as error:
        st.error(plain_text(error.message), icon=":material/lock:")
        st.stop()
    _announce()
    if not owner and not _sent_key():
        with st.container(height="content", key="visitor.room"):
            _mount(
                key=_MOUNTED,
                data={"key": _key(), "names": COOKIES},
                height=0,
                on_key_change=_take_known,
                on_lost_change=lambda: None,
            )


def access() -> Access:
    """What this visitor may do."""
    if is_owner():
        return Access(store(), queue(), limits(), owner=True)
    return Access(store(), queue(), limits(), key=_key(), address=None if _sent_key() else peer())


def data_access() -> DataAccess:
    """What this visitor may do with data sets that people brought."""
    return DataAccess(limits(), owner=True) if is_owner() else DataAccess(limits(), key=_key())


def sweep_access() -> SweepAccess:
    """What this visitor may do with sweeps."""
    return SweepAccess(sweeps(), access(), limits())


def private_folder() -> str:
    """The name of the visitor's private folder; empty for the owner."""
    return "" if is_owner() else digest_of(_key())[:32]


def limits_note() -> None:
    """Tell a guest their limits, and whether the browser keeps their key; nothing for the owner."""
    if is_owner():
        return
    most = limits()
    amounts = {
        "epochs": f"{most.most_epochs:,}",
        "parameters": f"{most.most_parameters:,}",
        "minutes": f"{most.most_minutes:g}",
    }
    parts = [say(f"sharing.limit.{name}", most=amount) for name, amount in amounts.items() if amount != "0"]
    st.caption(say("sharing.limits", parts=listed(parts)) if parts else say("sharing.shared"))
    cookie_note()


def cookie_note() -> None:
    """Warn that this browser does not keep the key, with a link to the app outside of a frame."""
    if is_owner() or not _reported("lost"):
        return
    address = f"{st.context.url or ''}?{urlencode(st.query_params.to_dict())}"
    # quoted, so that no character in the URL ends the Markdown link
    st.warning(say("sharing.no_cookie", address=quote(address, safe=":/?&=%")), icon=":material/cookie_off:")


def _key() -> str:
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _sent_key() or new_key()
    key: str = st.session_state[_KEY]
    return key


def _sent_key() -> str:
    """The key in the browser's cookies when it connected, or an empty string."""
    kept = (st.context.cookies.get(name) for name in COOKIES)
    return next((value for value in kept if is_key(value)), "")


def _take_known() -> None:
    """Use the key that another tab of this browser already has."""
    known = _reported("key")
    if is_key(known):
        st.session_state[_KEY] = known


def _reported(name: str) -> object:
    sent = st.session_state.get(_MOUNTED)
    return sent.get(name) if isinstance(sent, dict) else None


@st.cache_resource(show_spinner=False)
def _announce() -> None:
    """Print once in the terminal who may do what."""
    server = settings()
    if server.public or st.get_option("server.address") in ("localhost", "127.0.0.1", "::1"):
        return
    key = "trusted" if server.trust_network else "container" if in_container() else "private"
    with speaking(terminal_language(os.environ)):
        sys.stderr.write(f"\n  {say(f'sharing.terminal.{key}')}\n\n")
