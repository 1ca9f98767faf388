"""The form for a new run: its network, its training settings, and a summary of both."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from core.config.keras_script import keras_code
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import InvalidSetting
from core.text import Message, catalogue, say
from pages.state.link_problems import link_problem, place_link_problems
from pages.state.plain_text import plain_text
from pages.state.rights import limits
from pages.train.form_state import FormState, form_state
from pages.train.layer_fields import layer_fields
from pages.train.layer_table import show_layers
from pages.train.network_fields import edit_button, is_shaped, network_fields, network_settings, preset_choice
from pages.train.training_fields import SETTINGS, changed_settings, more_fields, more_settings, training_fields


def config_form(
    datasets: Mapping[str, str], default_dataset: str, missing: Callable[[str], Message | None]
) -> RunConfig | None:
    """The chosen run, or None while a setting is invalid; an error then appears beside its field.

    `datasets` has a label per data set; `missing` returns why a data set is unavailable, or None.
    """
    state = form_state(default_dataset)
    with st.container(gap="xsmall"):
        place_link_problems()
        for problem in state.problems:
            link_problem(plain_text(problem))
        _heading("network", ["preset", *network_settings(state)])
        preset_choice(state)
        (layer_fields if state.values["kind"] == "layers" and is_shaped(state) else network_fields)(state)
        network_place = st.container(gap="xsmall")
        _heading("training", [*SETTINGS, *more_settings(state)])
        training_fields(state, datasets)
        changed = changed_settings(state)
        label = say("form.more_changed", count=changed) if changed else say("form.more")
        with st.expander(label, key="form.open.more", icon=":material/tune:"):
            more_fields(state)
        training_place = st.container(gap="xsmall")
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
        _layers(state, config)
    with training_place:
        _tutorial_note(config)
        code = st.expander(say("form.code"), key="form.open.code", icon=":material/code:", on_change="rerun")
        if code.open:
            # drawn while closed, it would make each visitor load 1.6 MB of syntax highlighting before the charts
            code.code(keras_code(config), language="python")
    return config


def amount_sentence(config: RunConfig) -> str:
    """How many weight updates a run makes."""
    updates = config.updates_per_epoch
    key = "form.updates_whole" if updates == 1 else "form.updates" if config.epochs > 1 else "form.updates_once"
    return say(key, per_epoch=f"{updates:,}", total=f"{updates * config.epochs:,}", epochs=f"{config.epochs:,}")


def _heading(name: str, settings: Iterable[str]) -> None:
    """A section's heading, whose help explains each of its settings."""
    about = [say("form.help", field=say(f"fields.{each}"), about=say(f"help.{each}")) for each in settings]
    st.subheader(say(f"form.{name}"), anchor=False, help="\n\n".join(about))


def _layers(state: FormState, config: RunConfig) -> None:
    label = say("form.table", parameters=f"{config.parameters:,}")
    with st.expander(label, key="form.open.layers", icon=":material/layers:"):
        show_layers(config.layer_table)
        edit_button(state)


def _tutorial_note(config: RunConfig) -> None:
    """A note if the numbers in the preset's tutorial contradict its text."""
    key = f"presets.{config.preset}.note"
    preset = PRESETS[config.preset]
    if key in catalogue() and (config.network, config.optimizer) == (preset.network, preset.optimizer):
        st.caption(say(key))
