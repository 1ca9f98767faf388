"""Watch a run train: which one, its controls, its curves, and the runs that wait."""

import streamlit as st

from core.runs.entries import Run
from core.text import say
from pages.shared.chart_settings import ChartSettings, chart_settings
from pages.shared.live_run import has_curves, live_run
from pages.shared.run_controls import run_controls
from pages.state.page_links import run_links, show_run
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.train.cluster import cluster
from pages.train.queue_list import waiting_runs
from pages.train.run_picker import older_runs, run_picker
from pages.train.start import unfold_button

CHART_HEIGHT = "clamp(22rem, 100dvh - 19.5rem + 0.5 * var(--freed, 0rem), 60rem)"
"""All of the screen below the picker, the progress and the verdict."""


@st.fragment
def watch(*, folded: bool) -> None:
    """Show the chosen run; beside a folded form, with the button that unfolds it."""
    runs = look()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="watch.row"):
        run = run_picker(runs)
        # a place of their own, so that what follows stays where it is when they change
        with st.container(horizontal=True, width="content", gap="small", key="watch.controls"):
            if isinstance(run, Run):
                run_controls(run)
        settings = chart_settings() if has_curves(run) else ChartSettings()
        if folded:
            unfold_button()
    older_runs(runs, run)
    if runs.training and run is not None and all(run.id != other.id for other in runs.training):
        _way_to(runs.training[0])
    live_run(runs, run, settings, chart_height=CHART_HEIGHT)
    if isinstance(run, Run):
        run_links(run, "results", "mistakes", "inside", "settings")
    waiting_runs(runs.waiting)
    cluster(runs)


def _way_to(active: Run) -> None:
    st.button(
        say("watch.way_to_active", name=plain_text(active.name, longest=60)),
        key="watch.way_to_active",
        icon=":material/visibility:",
        type="tertiary",
        on_click=show_run,
        args=(active.id,),
    )
