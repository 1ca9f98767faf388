"""What is known of a training elsewhere whose logs were read."""

import streamlit as st

from core.export.report.facts import log_rows
from core.runs.entries import Run
from core.runs.log_files import LogFiles
from core.text import say
from pages.widgets.compact_table import Row, compact_table


def log_table(run: Run, logs: LogFiles) -> None:
    """The files, and each setting: its value from them, or that it is not known."""
    st.subheader(say("logs.title"), anchor=False)
    st.caption(say("logs.about"))
    compact_table((), [Row(row) for row in log_rows(run.manifest, logs, run.folder)])
