"""The report of a run that has no results, and so no list of downloads."""

import streamlit as st

from core.runs.entries import Run
from core.text import say
from pages.shared.file_name import file_stem
from pages.shared.made_file import problem_of, reporting, tell
from pages.state.visitor_time import zone


def report_download(run: Run) -> None:
    """A button for the report, made when it is pressed."""
    problem = problem_of("settings.report")
    # read here: the thread that makes the file has no visitor
    here = zone()

    def report() -> bytes:
        # loading the template engine takes 60 ms, which only the report needs
        from core.export.report.document import html_report

        return html_report(
            run.folder, run.manifest, run.status, None, None, run.status.best_epoch or run.status.epoch, zone=here
        ).encode()

    st.download_button(
        say("logs.report"),
        data=reporting(report, problem),
        file_name=f"{file_stem(run)}-report.html",
        mime="text/html",
        help=say("logs.report_help"),
        key="settings.report",
        on_click="ignore",
        icon=":material/description:",
    )
    tell(problem)
