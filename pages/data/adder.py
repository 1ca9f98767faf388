"""The place where a visitor drops their images: files, or for the server's owner a path; then its progress."""

from pathlib import Path, PurePath

import streamlit as st

from core.data.draft import State
from core.places import place
from core.text import say
from pages.data.choices import data_choices
from pages.data.trial import Trial, trial
from pages.state.plain_text import plain_text
from pages.state.tick import ticking
from pages.state.visitor import cookie_note, data_access

MOST_MEGABYTES = 200
"""Of an uploaded file, which Streamlit holds in memory."""
_WHOLE = (".zip", ".npz")
"""Files of which one is enough."""
_TICK_SECONDS = 0.4
_KINDS = ("folders", "npz", "pixels", "files", "idx")


def adder(own: Trial) -> None:
    """The uploader with what may be added and the choices; while files are read, how far that is."""
    state = own.state()
    with st.container(border=True, key="data_add.box"):
        st.markdown(f"#### {say('data_sets.add')}")
        if state and state.state == "working":
            ticking(_working, _TICK_SECONDS)()
            return
        if state and state.state == "failed":
            own.stop(state.message)
        if own.said:
            st.error(plain_text(own.said, longest=500), icon=":material/error:")
        _uploader(own)


def _uploader(own: Trial) -> None:
    cookie_note()
    files = st.file_uploader(
        say("data_sets.upload"),
        # any type: the content decides, and our own error says what can be added
        type=None,
        accept_multiple_files=True,
        max_upload_size=MOST_MEGABYTES,
        key=f"data_add.files.{own.number}",
        help=say("data_sets.upload_help", limit=MOST_MEGABYTES),
    )
    written = ""
    if data_access().may_name_paths():
        written = st.text_input(say("data_sets.path"), key=f"data_add.path.{own.number}", placeholder="~/pictures")
    paths = [place(written.strip())] if written.strip() else []
    whole = len(files) == 1 and PurePath(files[0].name).suffix.lower() in _WHOLE
    ready = bool(files or paths)
    pressed = ready and st.button(say("data_sets.read"), key="data_add.read", type="primary", icon=":material/search:")
    if whole or pressed:
        own.read(files, paths, _title([file.name for file in files], paths))
        st.rerun()
    with st.expander(say("data_sets.kinds"), icon=":material/help:"):
        for kind in _KINDS:
            st.caption(say(f"data_sets.kind.{kind}"))
    with st.expander(say("data_sets.choices"), icon=":material/tune:"):
        own.choices = data_choices(own.choices)


def _title(names: list[str], paths: list[Path]) -> str:
    """A name for people by the first file: `my_birds.zip` is "my birds"."""
    first = PurePath(names[0]) if names else paths[0]
    return first.name.partition(".")[0].replace("_", " ").strip()


def _working() -> None:
    own = trial()
    state = own.state()
    if state is None or state.state != "working":
        st.rerun()
    _progress(state)
    st.button(say("data_sets.cancel"), key="data_add.cancel", icon=":material/close:", on_click=own.stop)


def _progress(state: State) -> None:
    text = say(f"data_sets.stages.{state.stage}", percent=int(100 * state.share))
    st.progress(min(1.0, max(0.0, state.share)), text=text)
