"""A run outside of Digit Lab: its Keras script, its notebook, and the command that trains it again."""

import streamlit as st

from core.config.command import Source, training_command
from core.config.keras_script import keras_code
from core.data.datasets import status
from core.export.notebook import missing_data, notebook
from core.runs.entries import Run
from core.text import say
from pages.shared.file_name import file_stem
from pages.state.plain_text import plain_text
from pages.widgets.note import note


def script(run: Run) -> None:
    """The code at full width, its downloads, and what it lacks to train this very run."""
    config, code = run.manifest.config, keras_code(run.manifest.config)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(say("run_settings.code"), anchor=False, help=say("run_settings.code_help"), width="content")
        _download(run, "py", "text/x-python", code.encode())
        _download(run, "ipynb", "application/x-ipynb+json", notebook(run.name, run.manifest, run.status))
    here = status(config.dataset).state in ("ready", "local")
    if missing := missing_data(config, run.manifest.environment, here=here):
        note(plain_text(missing, longest=400), icon="database_off")
    if run.manifest.origin:
        st.caption(say("run_settings.code_of_fork"))
    st.code(code, language="python")


def command(run: Run) -> None:
    """The command that trains the run again, to be copied."""
    config, origin = run.manifest.config, run.manifest.origin
    st.subheader(say("run_settings.command"), anchor=False, help=say("run_settings.command_help"))
    # from its own copy of the weights, since the other run may be deleted
    source = Source(run.id, origin.epoch, config) if origin else None
    st.code(training_command(config, source=source), language="bash", wrap_lines=True)


def _download(run: Run, ending: str, mime: str, content: bytes) -> None:
    st.download_button(
        say(f"run_settings.download.{ending}"),
        data=content,
        file_name=f"{file_stem(run)}.{ending}",
        mime=mime,
        key=f"run_settings.download.{ending}",
        on_click="ignore",
        icon=":material/download:",
    )
