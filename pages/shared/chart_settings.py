"""How the curves of a run are drawn: the axis of the loss, and smoothing."""

from dataclasses import dataclass

import streamlit as st

from core.text import say

MOST_SMOOTHING = 50


@dataclass(frozen=True, slots=True)
class ChartSettings:
    """A logarithmic axis for the loss, the number of points to average over (1: none), a chart of the learning rate."""

    log_loss: bool = False
    smoothing: int = 1
    rate: bool = False


def chart_settings() -> ChartSettings:
    """Draw a button that opens the settings and explains the curves; the settings are in the page's address."""
    # narrow, so that a chart stays in view beside it
    with (
        st.popover(say("chart_settings.button"), icon=":material/tune:", key="chart.settings"),
        st.container(width=300, gap="small"),
    ):
        log_loss = st.toggle(say("chart_settings.log_loss"), key="log_loss", bind="query-params")
        rate = st.toggle(say("chart_settings.rate"), key="rate_chart", bind="query-params")
        smoothing = st.slider(say("chart_settings.smoothing"), 1, MOST_SMOOTHING, key="smoothing", bind="query-params")
        st.caption(say("chart_settings.smoothing_about"))
        st.markdown(say("chart_settings.about"))
    return ChartSettings(log_loss, smoothing, rate)
