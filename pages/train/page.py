"""Train: choose a network, start it, watch it learn."""

import streamlit as st

from core.text import say
from pages.shell.page_head import page_head
from pages.state.visitor import cookie_note, limits_note
from pages.train.data_note import available_datasets, data_note, missing_dataset
from pages.train.form import config_form
from pages.train.start import folded_line, is_folded, start_bar
from pages.train.watch import watch
from pages.widgets.live_chart import live_chart_room

CHART_HEIGHT = "clamp(35rem, 100dvh - 19rem, 60rem)"


def page() -> None:
    page_head(say("pages.train"), say("train.what"))
    live_chart_room(CHART_HEIGHT)
    if is_folded():
        folded_line()
        cookie_note()
        watch()
        return
    choose, follow = st.columns([4, 9], gap="large")
    with choose:
        # first, so that it is reached with few presses of Tab
        bar = st.container(key="train.bar")
        dataset = data_note()
        config = config_form(available_datasets(dataset), dataset, missing_dataset)
        limits_note()
        with bar:
            start_bar(config)
    with follow:
        watch()


page()
