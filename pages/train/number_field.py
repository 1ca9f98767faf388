"""A field for a number that also lets the server see what is outside its limits."""

from typing import Any

import streamlit as st

from core.config.rules import Number, Whole
from core.errors import Advice, InvalidSetting
from pages.train.form_state import FormState


def number_field(
    state: FormState,
    name: str,
    rule: Whole | Number,
    *,
    label: str,
    step: float,
    keyed: dict[str, Any],
    help: str | None = None,
    width: int | None = None,
) -> Any | None:
    """The number that was typed, in canonical form; None where the setting `name` cannot have it, which is noted.

    Without limits of its own, since the browser keeps to itself what is outside them, and the old number would count.
    """
    typed = st.number_input(
        label,
        step=float(step),
        # as it was typed: a whole number without a point, and a fraction where none may be
        format="%g",
        help=help,
        width=width or "stretch",
        **keyed,
    )
    try:
        return rule.read(typed)
    except Advice as error:
        values = {"label": label, "field": name.partition(".")[0], "value": f"{typed:.15g}", "advice": error.message}
        state.mistakes.append(InvalidSetting(name, "errors.invalid_setting", **values))
        return None
