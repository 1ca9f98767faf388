"""Files that are made when they are downloaded, and why one could not be made, which Streamlit does not say."""

from collections.abc import Callable

import streamlit as st

from core.errors import DigitLabError
from core.text import Message, language, speaking
from pages.state.plain_text import plain_text
from pages.state.tick import ticking

TICK_SECONDS = 1.0
Problem = dict[str, Message]
"""Why the last download failed, under `reason`; empty if it did not."""


def problem_of(name: str) -> Problem:
    """The problem of this place's downloads, which is kept across reruns while a file is being made."""
    problem: Problem = st.session_state.setdefault(f"{name}.problem", {})
    return problem


def reporting(make: Callable[[], bytes], problem: Problem) -> Callable[[], bytes]:
    """Wrap `make` for Streamlit, which calls it in a thread: in this language; `problem` gets a failure's reason."""
    tag = language()

    def made() -> bytes:
        problem.clear()
        try:
            with speaking(tag):
                return make()
        except DigitLabError as error:
            problem["reason"] = error.message
            raise
        except Exception as error:
            problem["reason"] = Message("downloads.unexpected", kind=type(error).__name__)
            raise

    return made


def tell(problem: Problem) -> None:
    """Show why the last download failed, once it did."""
    ticking(_tell, TICK_SECONDS)(problem)


def _tell(problem: Problem) -> None:
    if problem:
        st.error(plain_text(Message("downloads.problem", reason=problem["reason"])), icon=":material/error:")
