"""What is known of a network that was read from a file, or trained in a person's own program."""

import streamlit as st

from core.export.report.facts import layer_rows, model_rows, recorded_rows
from core.runs.entries import Run
from core.runs.model_file import ModelFile
from core.runs.recorded import Recorded
from core.text import say
from pages.shared.next_steps import next_steps
from pages.state.plain_text import plain_text
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.note import note


def model_caption(model: ModelFile) -> str:
    """The file and how the network takes its images, in one line."""
    return say("models.from_file", file=plain_text(model.name), takes=model.takes())


def instead_of_curves(run: Run, model: ModelFile) -> None:
    """Why the run has no curves, and where to go."""
    note(say("models.no_curves"), icon="upload_file")
    st.markdown(model_caption(model))
    next_steps(run)


def model_tables(run: Run, model: ModelFile) -> None:
    """Where the network came from and how it takes images, then its layers."""
    st.subheader(say("models.title"), anchor=False)
    compact_table((), [Row(row) for row in model_rows(model, run.manifest.config)])
    _layers(run)


def recorded_tables(run: Run, recorded: Recorded) -> None:
    """What a person's own program reported of its training, then the network's layers."""
    st.subheader(say("recording.title"), anchor=False)
    compact_table((), [Row(row) for row in recorded_rows(recorded, run.manifest.config)])
    _layers(run)


def _layers(run: Run) -> None:
    if run.manifest.config.layer_table:
        st.subheader(say("models.layers"), anchor=False)
        heads = [say(f"layer_table.{name}") for name in ("layer", "output", "parameters")]
        *rows, total = layer_rows(run.manifest.config)
        compact_table(heads, [Row(row) for row in rows], foot=total)
