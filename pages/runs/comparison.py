"""Runs compared: a table side by side, overlaid curves, and the digits gained and lost."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.charts.run_curves import can_be_drawn, run_curves
from core.charts.runs import runs_figure
from core.runs.entries import Run
from core.runs.predictions import predicted_epochs
from core.text import listed, say
from pages.runs.chosen_runs import Chosen
from pages.runs.gained_and_lost import gained_and_lost
from pages.runs.side_by_side import side_by_side
from pages.runs.view import RunsView
from pages.state.plain_text import plain_text
from pages.state.theme import colors
from pages.widgets.chart import chart
from pages.widgets.switch import switch

HEIGHT = 360
MOST = 10


def run_comparison(view: RunsView, chosen: Chosen) -> None:
    """Compare two or more runs, beside the list, or two epochs of one, below it."""
    readable = [(row, row.run) for row in chosen.rows if isinstance(row.run, Run)]
    runs = [run for _, run in readable]
    if len(runs) == 1:
        if not predicted_epochs(runs[0].folder):
            # nothing to compare
            return
        with st.container(key="runs-comparison"):
            gained_and_lost(view, runs)
    elif runs:
        with chosen.beside, st.container(key="runs-comparison"):
            st.subheader(say("comparison.title", count=min(len(runs), MOST)), anchor=False)
            if len(runs) > MOST:
                st.caption(say("comparison.first_ten", count=len(runs)))
            side_by_side([row for row, _ in readable[:MOST]], chosen.hues)
            _curves(view, runs[:MOST], chosen.hues)
        gained_and_lost(view, runs[:MOST])


def _curves(view: RunsView, runs: Sequence[Run], hues: Mapping[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(say("comparison.curves"), anchor=False)
        for name, options in (("metric", ["loss", "accuracy"]), ("against", ["epoch", "update", "seconds"])):
            switch(
                name, getattr(view, name), options, say(f"comparison.{name}"), lambda name: say(f"comparison.by.{name}")
            )
    chart(
        "comparison.curves",
        runs_figure(
            run_curves(runs, metric=view.metric, against=view.against, hues=hues),
            metric=view.metric,
            against=view.against,
            colors=colors(),
            height=HEIGHT,
        ),
        name="runs",
        alt=say("comparison.curves_alt", count=len(runs)),
    )
    elsewhere = [run.short_name for run in runs if run.manifest.has_curves and not can_be_drawn(run, view.against)]
    if elsewhere:
        st.caption(say("logs.curves_only", names=plain_text(listed(elsewhere))))
