"""Who visits: on a public server a key that this browser keeps, so that each finds their own runs again."""

from pathlib import Path

import streamlit as st

from core.errors import DigitLabError
from core.runs.access import Access, digest_of, is_key, new_key
from core.words import say
from pages.parts.plain_text import plain_text
from pages.parts.resources import queue, settings, store

COOKIE = "digit_lab_visitor"
_KEY, _MOUNTED = "visitor.key", "visitor.cookie"
_SCRIPT = Path(__file__).parents[2] / "static" / "visitor_key.js"
_mount = st.components.v2.component("visitor_key", html="<i hidden></i>", js=_SCRIPT.read_text(encoding="utf-8"))


def visitor() -> None:
    """Know the visitor from here on; a server whose limits cannot be read lets nobody further."""
    try:
        public = settings().public
    except DigitLabError as error:
        st.error(plain_text(str(error)), icon=":material/lock:")
        st.stop()
    if public and not is_key(st.context.cookies.get(COOKIE)):
        with st.container(height="content", key="visitor.room"):
            _mount(key=_MOUNTED, data={"key": _key()}, height=0, on_key_change=_take_known)


def access() -> Access:
    """What this visitor may do."""
    return Access(store(), queue(), settings(), _key() if settings().public else "")


def own_room() -> str:
    """The name of a folder that is this visitor's alone; empty where all is one person's."""
    return digest_of(_key())[:32] if settings().public else ""


def _key() -> str:
    if _KEY not in st.session_state:
        kept = st.context.cookies.get(COOKIE)
        st.session_state[_KEY] = kept if is_key(kept) else new_key()
    key: str = st.session_state[_KEY]
    return key


def _take_known() -> None:
    """Another tab of this browser had a key already."""
    sent = st.session_state.get(_MOUNTED)
    known = sent.get("key") if isinstance(sent, dict) else None
    if is_key(known):
        st.session_state[_KEY] = known


def limits_note() -> None:
    """What holds for everybody's runs on a public server; nothing on one's own machine."""
    limits = settings()
    if not limits.public:
        return
    amounts = {
        "epochs": f"{limits.most_epochs:,}",
        "parameters": f"{limits.most_parameters:,}",
        "minutes": f"{limits.most_minutes:g}",
    }
    parts = [say(f"sharing.limit.{name}", most=most) for name, most in amounts.items() if most != "0"]
    st.caption(say("sharing.limits", parts=", ".join(parts)) if parts else say("sharing.shared"))
