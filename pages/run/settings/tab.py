"""Settings and code: what a run was trained with, its Keras code, and the runs that can begin with it."""

import streamlit as st

from core.config.links import config_to_query
from core.runs.entries import Run
from core.runs.recorded import NOT_KEPT
from core.text import say
from pages.run.settings.disk_space import disk_space
from pages.run.settings.new_runs import new_runs
from pages.run.settings.origin import origin
from pages.run.settings.report_download import report_download
from pages.run.settings.script import command, script
from pages.run.settings.tables import machine, settings_table
from pages.run.settings.view import SettingsView
from pages.shared.log_facts import log_table
from pages.shared.model_facts import model_tables, recorded_tables
from pages.shared.run_header import Head
from pages.state.page_links import page_link
from pages.state.plain_text import plain_text


def settings(run: Run, view: SettingsView, head: Head) -> None:  # noqa: ARG001 a tab gets its view and the header
    """New runs from this one, its settings, machine and size, and the code at full width."""
    if not run.manifest.trained_here:
        _from_elsewhere(run)
        return
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


def _from_elsewhere(run: Run) -> None:
    """What is known of a run of a model, of logs or of a person's own program, and a way into the form."""
    left, right = st.columns([6, 5], gap="large")
    with left:
        if run.manifest.logs is not None:
            log_table(run, run.manifest.logs)
        if run.manifest.model is not None:
            model_tables(run, run.manifest.model)
        if run.manifest.recorded is not None:
            recorded_tables(run, run.manifest.recorded)
    with right:
        st.subheader(say("new_runs.title"), anchor=False)
        key = "recording.no_training" if run.manifest.recorded else "models.no_training"
        st.markdown(plain_text(say(key, name=run.name), longest=400))
        if run.manifest.config.layer_table:
            st.caption(say("models.to_form_help"))
            page_link("train", say("models.to_form"), icon="edit_note", parameters=_to_form(run))
        if run.manifest.recorded:
            machine(run)
        disk_space(run)
        if not run.manifest.has_network:
            report_download(run)


def _to_form(run: Run) -> dict[str, str]:
    """The network's layers as a link to the form; a data set that is not here is left out."""
    settings = config_to_query(run.manifest.config, default_dataset="")
    return {name: value for name, value in settings.items() if (name, value) != ("dataset", NOT_KEPT)}
