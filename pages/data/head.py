"""The head of the Data page: pickers for data set and aspect."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.config.datasets import dataset_title, describe
from core.data import datasets
from core.data.datasets import DIGESTS, Dataset
from core.text import say, shortened
from pages.data.view import DataView
from pages.shared.fetching import fetch, wait_for
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset
from pages.state.url_state import bound
from pages.state.visitor import data_access
from pages.widgets.note import note
from pages.widgets.switch import switch

OFFLINE = "mnist-5k"
_SIDE_BY_SIDE = 3


def data_head(view: DataView, aspects: Sequence[str]) -> Dataset | None:
    """Draw the pickers and return the data set; None, with a note on the page, while it is being prepared."""
    # the offline data set is always available, after some seconds
    names = [name for name in DIGESTS if name == OFFLINE or datasets.status(name).state == "ready"]
    names += [added.name for added, _ in data_access().visible()]
    shown = view.dataset if view.dataset in names else names[0]
    if view.dataset and view.dataset != shown:
        wanted = plain_text(view.dataset, longest=40)
        link_problem(say("data_page.no_dataset", name=wanted, shown=plain_text(dataset_title(shown))))
    with st.container(horizontal=True, gap="medium"):
        _picker(names, shown)
        aspects = [name for name in aspects if name != "augmentation" or describe(shown).is_digits]
        switch("aspect", view.aspect, aspects, say("data_page.aspect"), lambda name: say(f"data_page.aspects.{name}"))
    found = dataset(shown)
    if found is None:
        wait_for(shown, _unprepared, looking="data_page.preparing")
    return found


def _picker(names: Sequence[str], shown: str) -> None:
    """The data sets side by side; many of them in a list."""

    def then(name: str) -> dict[str, Any]:
        return {"dataset": "" if name == names[0] else name, "digit": None, "true": None}

    titles = {name: shortened(say(dataset_title(name)), 30) for name in names}
    label = say("data_page.dataset")
    if len(names) <= _SIDE_BY_SIDE:
        st.segmented_control(
            label,
            names,
            format_func=titles.__getitem__,
            required=True,
            wrap=True,
            label_visibility="collapsed",
            **bound("dataset", shown, first="default", options=names, labels=list(titles.values()), then=then),
        )
        return
    st.selectbox(
        label,
        names,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        width=260,
        **bound("dataset", shown, first="index", options=names, labels=list(titles.values()), then=then),
    )


def chosen_digit(view: DataView, data: Dataset) -> int:
    """Index of the chosen training digit; out of range, the nearest one, with a warning."""
    last = len(data.train_labels) - 1
    wanted = view.digit or 0
    if wanted > last:
        link_problem(say("data_page.no_digit", wanted=wanted, last=last))
    return min(wanted, last)


def _unprepared(status: datasets.Status) -> None:
    with note(plain_text(status.message) or say("data_page.unprepared"), icon="cloud_off"):
        st.button(say("note.retry"), key="data.retry", icon=":material/refresh:", on_click=fetch.clear)
