"""Upload of a run's bundle, a finished model or logs, which are checked, stored and shown."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.bundle.build import build_network
from core.bundle.format import MOST_BYTES
from core.bundle.model_format import is_zip, model_format
from core.bundle.open import open_bundle
from core.bundle.open_logs import open_logs
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.log_files import NAME_LENGTH
from core.text import Message, say, shortened
from pages.runs.model_choice import ModelChoice, evaluated, model_choice
from pages.shared.uploaded import forget
from pages.state.page_links import go
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
    model: ModelChoice | None = None
    """The uploaded model, while its data set is chosen."""


def run_opening(chosen: Sequence[str], on_open: Callable[[str], None]) -> None:
    """A popover with an uploader; `on_open` gets the ids of the opened runs, then the page reruns.

    A model, and the logs of one training, open on the page of their run instead. `chosen` has the ids of the selected
    runs.
    """
    opening: _Opening = st.session_state.setdefault(_STATE, _Opening())
    # a new button after each file, because an open popover covers the message
    button = f"opening.open.{opening.number}"
    with st.popover(say("bundles.title"), icon=":material/folder_open:", type="tertiary", key=button):
        cookie_note()
        # any type: our own error says why a file cannot be opened
        files = st.file_uploader(
            say("bundles.upload"),
            key=f"opening.file.{opening.number}",
            help=say("bundles.upload_help"),
            max_upload_size=MOST_BYTES // 1_000_000,
            accept_multiple_files=True,
        )
        if files:
            found = _runs_in(files, opening)
            if found is None:
                return
            opening.chosen = tuple(found) or tuple(chosen)
            if found:
                on_open(",".join(found))
            st.rerun()
    if opening.said and opening.chosen == tuple(chosen):
        show = st.error if opening.failed else st.success
        show(plain_text(opening.said), icon=":material/error:" if opening.failed else ":material/check:")


def _runs_in(files: Sequence[UploadedFile], opening: _Opening) -> list[str] | None:
    """The ids of the runs in the files, none if they were refused; None while a person chooses a model's data set."""
    whole = next((file for file in files if model_format(file) is None and _is_zip(file)), None)
    if whole is None:
        return _elsewhere_in(files, opening)
    if len(files) > 1:
        reason = Message("logs.several", name=shortened(whole.name, NAME_LENGTH))
        _end(files, opening, Message("bundles.refused", reason=reason), failed=True)
        return []
    with ExitStack() as progress:
        progress.enter_context(st.spinner(say("bundles.checking")))
        run_id = _opened(whole, opening, progress)
    return [run_id] * bool(run_id)


def _is_zip(file: UploadedFile) -> bool:
    """Whether it is, or should be, a run's bundle."""
    return file.name.lower().endswith(".zip") or is_zip(file)


def _elsewhere_in(files: Sequence[UploadedFile], opening: _Opening) -> list[str] | None:
    """As `_runs_in`, of a model, logs, or both."""
    try:
        if opening.model is None or not opening.model.is_of(files):
            opening.model = ModelChoice.of(files)
        if opening.model is None:
            return _logs_in(files, opening)
        wished = model_choice(opening.model)
        if wished is None:
            return None
        run = evaluated(opening.model, *wished)
    except DigitLabError as error:
        _end(files, opening, error.message, failed=True)
        return []
    _end(files, opening, Message("models.opened", name=store().find(run.run_id).name))
    go("results", run=run.run_id)
    return [run.run_id]


def _logs_in(files: Sequence[UploadedFile], opening: _Opening) -> list[str]:
    """The ids of the runs whose curves are in these logs; none if they were refused."""
    try:
        with st.spinner(say("logs.reading")):
            opened = open_logs([(file.name, file) for file in files], store().runs_dir, sign=access().sign)
        name = store().find(opened[0].run_id).name
    except DigitLabError as error:
        _end(files, opening, error.message, failed=True)
        return []
    if len(opened) > 1:
        said = Message("logs.opened", count=len(opened))
    elif len(files) > 1:
        said = Message("logs.together", name=name, count=len(files))
    else:
        said = Message("bundles.known" if opened[0].known else "bundles.opened", name=name)
    _end(files, opening, said)
    if len(opened) == 1:
        go("curves", run=opened[0].run_id)
    return [each.run_id for each in opened]


def _opened(file: UploadedFile, opening: _Opening, progress: ExitStack) -> str:
    """Open the bundle and return its run's id; if that fails, keep the error and return an empty string."""

    def build(folder: RunFolder) -> None:
        progress.close()
        progress.enter_context(st.spinner(say("bundles.building")))
        build_network(folder)

    try:
        opened = open_bundle(file, store().runs_dir, sign=access().sign, build=build)
        name = store().find(opened.run_id).name
    except DigitLabError as error:
        _end([file], opening, error.message, failed=True)
        return ""
    _end([file], opening, Message("bundles.known" if opened.known else "bundles.opened", name=name))
    return opened.run_id


def _end(files: Sequence[UploadedFile], opening: _Opening, said: Message, *, failed: bool = False) -> None:
    """Note what became of the files, and free them, which Streamlit would keep in memory until the session ends."""
    # a new uploader, because this one would keep the files and show them again after each click
    opening.number += 1
    opening.said, opening.failed, opening.model = said, failed, None
    for file in files:
        forget(file)
