"""Curves: how a run learned or is learning, its verdict, and its controls."""

from core.runs.entries import Run
from pages.run.curves.view import CurvesView
from pages.shared.chart_settings import ChartSettings, chart_settings
from pages.shared.live_run import has_curves, live_run
from pages.shared.model_facts import instead_of_curves
from pages.shared.run_controls import run_controls
from pages.shared.run_header import Head
from pages.state.server_state import look

CHART_HEIGHT = "clamp(20rem, 100dvh - 24.5rem + 0.5 * var(--freed, 0rem), 60rem)"
"""All of the screen below the run's header, tabs, progress and verdict."""


def curves(run: Run, view: CurvesView, head: Head) -> None:  # noqa: ARG001 a tab gets its view
    """What Train shows of a run while it trains, with its controls in the header."""
    if run.manifest.model is not None and not run.manifest.has_curves:
        instead_of_curves(run, run.manifest.model)
        return
    with head.middle.container(horizontal=True, vertical_alignment="bottom", key="run.controls"):
        run_controls(run)
        settings = chart_settings() if has_curves(run) else ChartSettings()
    live_run(look(), run, settings, chart_height=CHART_HEIGHT)
