"""The data sets to choose from, and a note while MNIST downloads or after its download failed."""

import streamlit as st

from core.config.datasets import BUILT_IN, dataset_title, known_names
from core.data import datasets
from core.text import Message, say
from pages.shared.fetching import fetching, missing_data
from pages.state.server_state import is_available
from pages.state.tick import ticking
from pages.state.visitor import access
from pages.train.form_state import forget_widgets

TICK_SECONDS = 1.0


def available_datasets(default: str) -> dict[str, str]:
    """A label per data set that says whether it is missing; `handwriting` only if it is available.

    Those that people brought come last, if this visitor may use them.
    """
    names = [name for name in BUILT_IN if name != "handwriting" or is_available(name)]
    names += [name for name in known_names() if name not in BUILT_IN and access().may_use(name)]
    labels = {name: say(dataset_title(name)) for name in names}
    if default != "mnist":
        labels["mnist"] = say("data_note.not_available", name=labels["mnist"])
    return labels


def data_note() -> str:
    """The default data set: MNIST if it is on this machine, else its included sample.

    With the sample, a note shows the progress of MNIST's download or why it failed.
    """
    status = datasets.status("mnist")
    if status.state in ("ready", "local"):
        return "mnist"
    under_way = fetching("mnist", status)
    ticking(_note, TICK_SECONDS if under_way else None)(under_way)
    return "mnist-5k"


def missing_dataset(name: str) -> Message | None:
    """Why a run on this data set would fail now, or None."""
    if not access().may_use(name):
        return Message("datasets.unknown", name=name, known=tuple(BUILT_IN))
    status = datasets.status(name)
    if name == "handwriting" and status.state == "remote":
        # the strokes are here, but the MNIST digits that complete the data set are not
        name, status = "mnist", datasets.status("mnist")
    if status.state in ("ready", "local") or (status.state == "preparing" and (status.progress or name != "mnist")):
        return None
    if name == "mnist" and fetching(name, status):
        return Message("data_note.looking")
    return status.message or Message("data_note.no_answer")


def _note(was_fetching: bool) -> None:
    status = datasets.status("mnist")
    under_way = fetching("mnist", status)
    if under_way != was_fetching:
        # if the browser has not shown the page yet, it would reset each field to its first option
        forget_widgets()
        st.rerun()
    if under_way:
        preparing = status.state == "preparing" and status.message
        st.caption(say(preparing or "data_note.looking"))
    else:
        missing_data("mnist", status, say("data_note.sample_instead"))
