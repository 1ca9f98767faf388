"""Curves: how a run learned or is learning, its verdict, and its controls."""

from core.runs.store import Run
from pages.run.curves.view import CurvesView
from pages.shared.live_run import live_run
from pages.shared.run_controls import run_controls
from pages.shared.run_header import Head
from pages.state.server_state import look
from pages.widgets.live_chart import live_chart_room

CHART_HEIGHT = "clamp(20rem, 100dvh - 25rem, 60rem)"


def curves(run: Run, view: CurvesView, head: Head) -> None:  # noqa: ARG001 a tab gets its view
    """What Train shows of a run while it trains, with its controls in the header."""
    with head.middle.container(horizontal=True, vertical_alignment="bottom", key="run.controls"):
        run_controls(run)
    live_chart_room(CHART_HEIGHT)
    live_run(look(), run)
