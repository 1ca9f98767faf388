"""The form's fields for training: data, optimizer, length, and the rest under "More"."""

from collections.abc import Mapping

import streamlit as st

from core.config.presets import preset_for
from core.config.run import RunConfig
from core.text import say
from pages.train.form_state import FormState, choose_dataset
from pages.train.network_fields import below, choice, number, side_by_side, switch_on

RATES = (*(float(f"{step}e{power}") for power in range(-5, 0) for step in (1, 2, 3, 5)), 1.0)
"""The slider's learning rates, about evenly spaced on a log scale."""

_HIDDEN = (
    *("loss", "label_smoothing", "clipping", "clip_at"),
    *("momentum", "weight_decay", "schedule", "peak_at", "augmentation", "weight_averaging"),
    "averaging_decay",
    *("early_stopping", "patience", "precision", "seed"),
)


SETTINGS = ("dataset", "validation", "optimizer", "learning_rate", "batch_size", "epochs")
"""The names of the settings that `training_fields` shows, in order."""


def training_fields(state: FormState, datasets: Mapping[str, str]) -> None:
    """The settings that most runs change."""
    with side_by_side("train.data"):
        state.values["dataset"] = st.selectbox(
            say("fields.dataset"),
            list(dict.fromkeys([*datasets, state.values["dataset"]])),
            format_func=lambda name: datasets.get(name, name),
            **state.keyed("dataset") | {"on_change": choose_dataset},
        )
        choice(state, "validation")
    below(state, "dataset", "validation")
    if state.values["validation"] == "test":
        st.caption(f":orange[:material/warning:] {say('form.optimistic')}")
    with side_by_side():
        choice(state, "optimizer")
        state.values["learning_rate"] = st.select_slider(
            say("fields.learning_rate"),
            sorted({*RATES, *state.rates}),
            format_func=RunConfig.rules["learning_rate"].write,
            **state.keyed("learning_rate"),
        )
        number(state, "batch_size", step=16)
        number(state, "epochs", step=1)
    below(state, "optimizer", "learning_rate", "batch_size", "epochs")


def more_settings(state: FormState) -> list[str]:
    """The names of the settings that `more_fields` shows, in order."""
    values = state.values
    return [
        "loss",
        *(["label_smoothing"] if values["loss"] == "categorical_crossentropy" else []),
        *(["momentum"] if values["optimizer"] == "sgd" else []),
        *(["weight_decay"] if values["optimizer"] == "adamw" else []),
        "clipping",
        *(["clip_at"] if values["clipping"] != "off" else []),
        "schedule",
        *(["peak_at"] if values["schedule"] == "one_cycle" else []),
        *("augmentation", "early_stopping"),
        *(["patience"] if values["early_stopping"] != "off" else []),
        *("precision", "seed", "weight_averaging"),
        *(["averaging_decay"] if values["weight_averaging"] else []),
    ]


def more_fields(state: FormState) -> None:
    """The settings that few runs change."""
    steps = {
        "label_smoothing": 0.05,
        "clip_at": 0.5,
        "momentum": 0.05,
        "peak_at": 0.05,
        "weight_decay": 0.001,
        "patience": 1,
        "seed": 1,
        "averaging_decay": 0.005,
    }
    # alone in its row, since the names of losses are long
    first, *others = more_settings(state)
    choice(state, first)
    with side_by_side():
        for name in others:
            if name in steps:
                number(state, name, step=steps[name])
            elif name == "weight_averaging":
                switch_on(state, name)
            else:
                choice(state, name)
    if state.values["augmentation"] != "off" and not state.data.is_digits:
        st.caption(f":orange[:material/warning:] {say('form.augments_digits')}")
    below(state, *more_settings(state))


def changed_settings(state: FormState) -> int:
    """How many of the settings that few runs change differ from the preset's."""
    preset = preset_for(state.values["preset"], state.values["dataset"]).setting_values()
    return sum(preset[name] != state.values[name] for name in _HIDDEN)
