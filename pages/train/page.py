"""Train: choose a network, start it, watch it learn."""

import time

import streamlit as st

from core.config.run import RunConfig
from core.errors import DigitLabError
from core.text import say
from pages.shell.page_head import page_head
from pages.state.page_links import show_run
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.visitor import access, limits_note
from pages.train.data_note import available_datasets, data_note, missing_dataset
from pages.train.form import amount_sentence, config_form
from pages.train.watch import watch

DOUBLE_CLICK_SECONDS = 1.0


def page() -> None:
    page_head(say("app.title"), say("train.what"))
    choose, follow = st.columns([5, 9], gap="large")
    with choose:
        dataset = data_note()
        config = config_form(available_datasets(dataset), dataset, missing_dataset)
    with follow:
        st.subheader(say("train.watch"), anchor=False)
        press, amount = st.columns([2, 5], vertical_alignment="center")
        pressed = press.button(
            say("train.start" if look().active is None else "train.enqueue"),
            key="train.start",
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=config is None,
        )
        # not in a callback, which would get the settings from before the last change
        if pressed and config is not None:
            _start(config)
        amount.caption(amount_sentence(config) if config else say("train.fix"))
        limits_note()
        watch()


def _start(config: RunConfig) -> None:
    last, when = st.session_state.get("train.started", (None, 0.0))
    if config == last and time.monotonic() - when < DOUBLE_CLICK_SECONDS:
        return
    try:
        first = not look().busy
        run_id = access().start(config)
    except DigitLabError as error:
        st.toast(plain_text(error.message), icon=":material/error:")
        return
    st.session_state["train.started"] = (config, time.monotonic())
    if first:
        show_run(run_id)
    # the button above still says Start
    st.rerun()


page()
