"""Train: choose a network, start it, watch it learn."""

import streamlit as st

from core.text import say
from pages.shell.heading_first import heading_first
from pages.state.visitor import cookie_note, limits_note
from pages.train.data_note import available_datasets, data_note, missing_dataset
from pages.train.form import config_form
from pages.train.start import is_folded, start_bar
from pages.train.try_many import try_many
from pages.train.tutorial import follow_address, is_open, tutorial, tutorial_button
from pages.train.watch import watch


def page() -> None:
    with st.container(key="train.title"):
        st.title(say("pages.train"), anchor=False)
    heading_first()
    if is_folded():
        cookie_note()
        watch(folded=True)
        return
    follow_address()
    choose, follow = st.columns([4, 9], gap="medium")
    with choose:
        _form()
    with follow:
        if is_open():
            tutorial()
        else:
            watch(folded=False)


@st.fragment
def _form() -> None:
    """The form and Start; a change of a setting draws nothing else anew."""
    with st.container(key="train.form"):
        # first, so that it is reached with few presses of Tab
        bar = st.container(key="train.bar")
        with bar.container(key="style.bar"):
            # a container without content would take no room until the form below it is complete
            st.html("<i></i>")
        dataset = data_note()
        with st.container(gap="xsmall"):
            tutorial_button()
            config = config_form(available_datasets(dataset), dataset, missing_dataset)
            try_many(config)
        limits_note()
        with bar:
            start_bar(config)


page()
