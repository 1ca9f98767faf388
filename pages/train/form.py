"""The form for a new run: its network, its training settings, and a summary of both."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.config.keras_script import keras_code
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import InvalidSetting
from core.text import Message, catalogue, say
from pages.state.plain_text import plain_text
from pages.state.rights import limits
from pages.train.form_state import form_state
from pages.train.layer_table import show_layers
from pages.train.network_fields import network_fields, preset_choice
from pages.train.training_fields import more_fields, training_fields


def config_form(
    datasets: Mapping[str, str], default_dataset: str, missing: Callable[[str], Message | None]
) -> RunConfig | None:
    """The chosen run, or None while a setting is invalid; an error then appears beside its field.

    `datasets` has a label per data set; `missing` returns why a data set is unavailable, or None.
    """
    state = form_state(default_dataset)
    st.subheader(say("form.network"), anchor=False)
    for problem in state.problems:
        st.warning(plain_text(problem), icon=":material/link_off:")
    preset_choice(state)
    network_fields(state)
    network_place = st.container()
    st.subheader(say("form.training"), anchor=False)
    training_fields(state, datasets)
    more_fields(state)
    training_place = st.container()
    try:
        config = state.config()
        limits().check(config)
        if why := missing(config.dataset):
            raise InvalidSetting("dataset", why)
    except InvalidSetting as error:
        for wrong in state.mistakes or [error]:
            other = training_place if wrong.field in RunConfig.rules else network_place
            state.places.get(wrong.field, other).error(plain_text(wrong.message), icon=":material/error:")
        state.touched = False
        return None
    state.write_link(config)
    with network_place:
        show_layers(config.network.layers())
    with training_place:
        _tutorial_note(config)
        with st.expander(say("form.code"), key="form.open.code", icon=":material/code:"):
            st.code(keras_code(config), language="python")
    return config


def amount_sentence(config: RunConfig) -> str:
    """How many weight updates a run makes."""
    updates = config.updates_per_epoch
    key = "form.updates_whole" if updates == 1 else "form.updates" if config.epochs > 1 else "form.updates_once"
    return say(
        key,
        images=f"{config.training_images:,}",
        batch_size=f"{config.batch_size:,}",
        per_epoch=f"{updates:,}",
        total=f"{updates * config.epochs:,}",
        epochs=f"{config.epochs:,}",
    )


def _tutorial_note(config: RunConfig) -> None:
    """A note if the numbers in the preset's tutorial contradict its text."""
    key = f"presets.{config.preset}.note"
    preset = PRESETS[config.preset]
    if key in catalogue() and (config.network, config.optimizer) == (preset.network, preset.optimizer):
        st.caption(say(key))
