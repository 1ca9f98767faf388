"""Settings and code: what a run was trained with, its Keras code, and the runs that can begin with it."""

import streamlit as st

from core.runs.store import Run
from pages.run.settings.disk_space import disk_space
from pages.run.settings.new_runs import new_runs
from pages.run.settings.origin import origin
from pages.run.settings.script import command, script
from pages.run.settings.tables import machine, settings_table
from pages.run.settings.view import SettingsView
from pages.shared.run_header import Head


def settings(run: Run, view: SettingsView, head: Head) -> None:  # noqa: ARG001 a tab gets its view and the header
    """New runs from this one, its settings, machine and size, and the code at full width."""
    new_runs(run)
    left, right = st.columns([6, 5], gap="large")
    with left:
        settings_table(run)
    with right:
        origin(run)
        machine(run)
        disk_space(run)
        command(run)
    script(run)
