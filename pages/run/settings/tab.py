"""Settings and code: all that a run was told, the machine it ran on, and its Keras script."""

import streamlit as st

from core.config.keras_script import keras_code
from core.export.report.facts import machine_rows, setting_rows
from core.runs.store import Run
from core.text import say
from pages.run.settings.view import SettingsView
from pages.shared.run_header import Head
from pages.state.plain_text import plain_text


def settings(run: Run, view: SettingsView, head: Head) -> None:  # noqa: ARG001 a tab gets its view and the header
    """Two tables, and the script beside them."""
    left, right = st.columns([5, 9], gap="large")
    with left:
        st.subheader(say("run_settings.settings"), anchor=False)
        _table("settings", setting_rows(run.manifest.config))
        if machine := machine_rows(run.manifest.environment):
            st.subheader(say("run_settings.machine"), anchor=False)
            _table("machine", machine)
    with right:
        st.subheader(say("run_settings.code"), anchor=False)
        st.code(keras_code(run.manifest.config), language="python")


def _table(name: str, rows: list[tuple[str, str]]) -> None:
    with st.container(key=f"run_settings.{name}"):
        st.table({plain_text(label): plain_text(value) for label, value in rows}, border="horizontal")
