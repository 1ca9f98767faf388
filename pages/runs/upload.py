"""Upload of a run bundle, which is checked, stored and selected."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.bundle.build import build_network
from core.bundle.format import MOST_BYTES
from core.bundle.open import open_bundle
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.text import Message, say
from pages.state.plain_text import plain_text
from pages.state.server_state import store
from pages.state.visitor import access, cookie_note

_STATE = "opening"


@dataclass(slots=True)
class _Opening:
    """The result of the last upload, and the number of the next uploader."""

    number: int = 0
    said: Message | None = None
    failed: bool = False
    chosen: tuple[str, ...] = ()
    """The runs selected then; the message disappears when the selection changes."""


def run_opening(chosen: Sequence[str], on_open: Callable[[str], None]) -> None:
    """A popover with an uploader; `on_open` gets the id of the opened run, then the page reruns.

    `chosen` holds the ids of the selected runs.
    """
    opening: _Opening = st.session_state.setdefault(_STATE, _Opening())
    # a new button after each file, because an open popover covers the message
    button = f"opening.open.{opening.number}"
    with st.popover(say("bundles.title"), icon=":material/folder_open:", type="tertiary", key=button):
        cookie_note()
        # any type: our own error says why a file cannot be opened
        file = st.file_uploader(
            say("bundles.upload"),
            key=f"opening.file.{opening.number}",
            help=say("bundles.upload_help"),
            max_upload_size=MOST_BYTES // 1_000_000,
        )
        if file is not None:
            with ExitStack() as progress:
                progress.enter_context(st.spinner(say("bundles.checking")))
                run_id = _opened(file, opening, progress)
            opening.chosen = (run_id,) if run_id else tuple(chosen)
            if run_id:
                on_open(run_id)
            st.rerun()
    if opening.said and opening.chosen == tuple(chosen):
        show = st.error if opening.failed else st.success
        show(plain_text(opening.said), icon=":material/error:" if opening.failed else ":material/check:")


def _opened(file: UploadedFile, opening: _Opening, progress: ExitStack) -> str:
    """Open the bundle and return its run's id; if that fails, keep the error and return an empty string."""
    # a new uploader, because this one would keep the file and show it again after each click
    opening.number += 1
    opening.failed = False

    def build(folder: RunFolder) -> None:
        progress.close()
        progress.enter_context(st.spinner(say("bundles.building")))
        build_network(folder)

    try:
        opened = open_bundle(file, store().runs_dir, sign=access().sign, build=build)
        name = store().find(opened.run_id).name
    except DigitLabError as error:
        opening.said, opening.failed = error.message, True
        return ""
    finally:
        _forget(file)
    opening.said = Message("bundles.known" if opened.known else "bundles.opened", name=name)
    return opened.run_id


def _forget(file: UploadedFile) -> None:
    """Free the uploaded file, which Streamlit would keep in memory until the session ends."""
    context = get_script_run_ctx()
    remove = getattr(context.uploaded_file_mgr, "remove_file", None) if context else None
    if context and remove:
        remove(session_id=context.session_id, file_id=file.file_id)
