"""The form's fields for training: data, optimizer, length, and the rest under "More"."""

from collections.abc import Mapping

import streamlit as st

from core.config.presets import PRESETS
from core.config.rules import Choice
from core.config.run import RunConfig
from core.text import say
from pages.train.form_state import FormState
from pages.train.network_fields import below, choice, number, side_by_side

RATES = (*(float(f"{step}e{power}") for power in range(-5, 0) for step in (1, 2, 3, 5)), 1.0)
"""The slider's learning rates, about evenly spaced on a log scale."""

_HIDDEN = (
    *("momentum", "weight_decay", "schedule", "augmentation", "weight_averaging", "averaging_decay"),
    *("early_stopping", "patience", "precision", "seed"),
)


def training_fields(state: FormState, datasets: Mapping[str, str]) -> None:
    """The settings that most runs change."""
    state.places["dataset"] = st.container(gap="xsmall")
    state.values["dataset"] = state.places["dataset"].selectbox(
        say("fields.dataset"),
        list(dict.fromkeys([*datasets, state.values["dataset"]])),
        format_func=lambda name: datasets.get(name, name),
        help=say("help.dataset"),
        **state.keyed("dataset"),
    )
    choice(state, "optimizer")
    state.values["learning_rate"] = st.select_slider(
        say("fields.learning_rate"),
        sorted({*RATES, *state.rates}),
        format_func=RunConfig.rules["learning_rate"].write,
        help=say("help.learning_rate"),
        **state.keyed("learning_rate"),
    )
    with side_by_side():
        number(state, "batch_size", step=16)
        number(state, "epochs", step=1)
    below(state, "batch_size", "epochs")
    _segments(state, "validation")
    if state.values["validation"] == "test":
        st.caption(f":orange[:material/warning:] {say('form.optimistic')}")


def more_fields(state: FormState) -> None:
    """The settings that few runs change, in an expander."""
    preset = PRESETS[state.values["preset"]].to_json()
    changed = sum(preset[name] != state.values[name] for name in _HIDDEN)
    label = say("form.more_changed", count=changed) if changed else say("form.more")
    with st.expander(label, key="form.open.more", icon=":material/tune:"):
        if state.values["optimizer"] == "sgd":
            number(state, "momentum", step=0.05)
        if state.values["optimizer"] == "adamw":
            number(state, "weight_decay", step=0.001)
        choice(state, "schedule")
        _segments(state, "augmentation")
        choice(state, "early_stopping")
        if state.values["early_stopping"] != "off":
            number(state, "patience", step=1)
        state.values["weight_averaging"] = st.toggle(
            say("fields.weight_averaging"), help=say("help.weight_averaging"), **state.keyed("weight_averaging")
        )
        if state.values["weight_averaging"]:
            number(state, "averaging_decay", step=0.005)
        with side_by_side():
            choice(state, "precision")
            number(state, "seed", step=1)
        below(state, "precision", "seed")


def _segments(state: FormState, name: str) -> None:
    rule = RunConfig.rules[name]
    assert isinstance(rule, Choice)
    state.values[name] = st.segmented_control(
        say(f"fields.{name}"),
        rule.options,
        format_func=lambda value: say(f"options.{name}.{value}"),
        required=True,
        wrap=True,
        width="stretch",
        help=say(f"help.{name}"),
        **state.keyed(name),
    )
