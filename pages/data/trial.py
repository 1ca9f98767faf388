"""The visitor's own images that are being read and looked at, before they become a data set."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.data.draft import Draft, State
from core.data.importing import Choices
from core.errors import DigitLabError
from core.text import Message
from pages.shared.uploaded import forget
from pages.state.visitor import data_access

_KEY = "data.trial"


@dataclass(slots=True)
class Trial:
    """What this session is adding, and why the last attempt failed."""

    draft: Draft | None = None
    process: "subprocess.Popen[bytes] | None" = None
    known: str = ""
    """The well-known data set that is being downloaded."""
    number: int = 0
    """Of the uploader, which is replaced by an empty one after each file."""
    choices: Choices = field(default_factory=Choices)
    said: Message | None = None
    added: str = ""
    """The name of the data set that was added last."""

    def read(self, files: Sequence[UploadedFile], paths: Sequence[Path], title: str) -> None:
        """Start reading what was sent, or what lies at these paths."""
        self.number += 1
        self.said, self.added = None, ""
        try:
            self.draft = Draft.new()
            sent = [(file.name, file) for file in files]
            self.process = data_access().read(self.draft, sent, paths, self.choices, title)
        except DigitLabError as error:
            self.stop(error.message)
        finally:
            for file in files:
                forget(file)

    def read_again(self) -> None:
        """Read the same files with other choices."""
        if self.draft is None:
            return
        try:
            title = self.draft.about().title
            self.process = data_access().read(self.draft, [], [], self.choices, title, again=True)
        except DigitLabError as error:
            self.stop(error.message)

    def download(self, name: str) -> None:
        """Start downloading a well-known data set."""
        self.said, self.added = None, ""
        try:
            self.draft, self.known = Draft.new(), name
            self.process = data_access().download(self.draft, name)
        except DigitLabError as error:
            self.stop(error.message)

    def state(self) -> State | None:
        """How far it is; None if nothing is being added."""
        if self.draft is None:
            return None
        ended = self.process is None or self.process.poll() is not None
        state = self.draft.state()
        if state.state == "working" and ended:
            return State("failed", message=Message("data_sets.crashed"))
        return state

    def stop(self, said: Message | None = None) -> None:
        """Discard what is being added."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.draft is not None:
            self.draft.discard()
        self.draft, self.process, self.known, self.said = None, None, "", said


def trial() -> Trial:
    """This session's trial."""
    own: Trial = st.session_state.setdefault(_KEY, Trial())
    return own
