"""The check whether a drawing is a single digit, loaded once per model for all visitors."""

import streamlit as st

from core.files import Stamp, stamp
from core.inference.familiarity import FILE
from core.inference.reading import DigitCheck, check_for, shipped_check
from pages.draw.readers import Model
from pages.state.server_state import store


def digit_check(model: Model) -> DigitCheck | None:
    """The check that belongs to the model's run, else the included one."""
    path = model.run.folder.path
    return _check(str(path), model.epoch, stamp(str(path / FILE)), model)


@st.cache_resource(max_entries=12, show_spinner=False)
def _check(path: str, epoch: int, written: Stamp, _model: Model) -> DigitCheck | None:  # noqa: ARG001 the key
    return check_for(_model.run.folder, _model.classifier, _shipped_check)


@st.cache_resource(show_spinner=False)
def _shipped_check() -> DigitCheck | None:
    return shipped_check(store().runs())
