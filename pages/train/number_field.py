"""A number field whose limits the server checks, rather than the browser."""

from typing import Any

import streamlit as st

from core.config.rules import Number, Whole
from core.errors import Advice, InvalidSetting
from pages.train.form_state import FormState


def number_field(
    state: FormState,
    name: str,
    rule: Whole | Number,
    before: float,
    *,
    label: str,
    step: float,
    width: int | None = None,
) -> Any:
    """The typed number as the rule reads it; if it is invalid, the number before, with the mistake noted.

    `name` is the setting, or a part of it such as `hidden_units.0`.

    The widget has no limits of its own: a browser does not send numbers outside them, so the old one would be used.
    """
    typed = st.number_input(
        label,
        step=float(step),
        # as typed: no decimal point after an integer, but a fraction stays visible where only integers are valid
        format="%g",
        width=width or "stretch",
        **state.keyed(name, before),
    )
    try:
        return rule.read(typed)
    except Advice as error:
        values = {"label": label, "field": name.partition(".")[0], "value": f"{typed:.15g}", "advice": error.message}
        state.mistakes.append(InvalidSetting(name, "errors.invalid_setting", **values))
        return before
