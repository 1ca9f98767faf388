"""Runs compared: overlaid curves and the settings that differ."""

from collections.abc import Sequence

import streamlit as st

from core.analysis.comparison import differing_settings
from core.charts.frame import picture_config
from core.charts.run_curves import letter, run_curves
from core.charts.runs import runs_figure
from core.runs.store import AnyRun, Run
from core.text import say
from pages.runs.fixed_and_broken import fixed_and_broken
from pages.runs.view import RunsView
from pages.state.theme import colors
from pages.widgets.switch import switch

HEIGHT = 360
MOST = 10


def run_comparison(view: RunsView, runs: Sequence[AnyRun]) -> None:
    """Compare one run's epochs, two runs' curves, settings and mistakes, or more runs' curves and settings."""
    readable = [run for run in runs if isinstance(run, Run)]
    if not readable:
        st.caption(say("comparison.nothing"))
        return
    if len(readable) > 1:
        _curves(view, readable)
        _settings(readable)
    if len(readable) <= 2:
        fixed_and_broken(view, readable[0], readable[-1])
    else:
        st.caption(say("comparison.too_many"))


def _curves(view: RunsView, runs: Sequence[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(say("comparison.curves"), anchor=False)
        for name, options in (("metric", ["loss", "accuracy"]), ("against", ["epoch", "update", "seconds"])):
            switch(
                name, getattr(view, name), options, say(f"comparison.{name}"), lambda name: say(f"comparison.by.{name}")
            )
    if len(runs) > MOST:
        st.caption(say("comparison.first_ten", count=len(runs)))
    st.plotly_chart(
        runs_figure(
            run_curves(runs[:MOST], metric=view.metric, against=view.against),
            metric=view.metric,
            against=view.against,
            colors=colors(),
            height=HEIGHT,
        ),
        key="comparison.curves",
        config=picture_config("runs"),
        alt=say("comparison.curves_alt", count=min(len(runs), MOST)),
    )


def _settings(runs: Sequence[Run]) -> None:
    table = differing_settings([run.manifest.config for run in runs])
    st.markdown(f"**{say('comparison.settings')}**")
    if table.empty:
        st.caption(say("comparison.same_settings"))
        return
    table.columns = [
        say("run_curves.run", letters=letter(place), name=run.short_name) for place, run in enumerate(runs)
    ]
    table.index = [say(f"fields.{name}") for name in table.index]
    st.dataframe(
        table,
        column_config={"_index": st.column_config.Column(say("comparison.setting"), width="medium", pinned=True)},
        key="comparison.settings",
        alt=say("comparison.settings"),
    )
