"""The learning-rate range test, beside the lesson that tries several rates one by one."""

import streamlit as st

from core import formatting as figures
from core.charts.range_test import range_test_figure
from core.explain.lessons.range_test import BATCH_SIZE, HIGHEST, LOWEST
from core.explain.lessons.slopes import UNITS
from core.text import say
from pages.learn.problem import found_range
from pages.state.theme import colors
from pages.widgets.chart import chart

HEIGHT = 280


def range_test() -> None:
    """Draw the test of the small network, folded until it is asked for."""
    title, icon = say("lessons.range_test.title"), ":material/trending_up:"
    folded = st.expander(title, key="learn.open.range", icon=icon, on_change="rerun")
    if not folded.open:
        return
    with folded:
        found = found_range()
        suggested = figures.rate(float(f"{found.suggested:.2g}"))
        ends = {"low": figures.rate(LOWEST), "high": figures.rate(HIGHEST)}
        st.markdown(
            say("lessons.range_test.about", suggested=suggested, **ends),
            help=say("lessons.range_test.source", units=UNITS, batch_size=BATCH_SIZE),
        )
        figure = range_test_figure(found, colors=colors(), height=HEIGHT)
        chart("range_test", figure, name="range_test", alt=say("lessons.range_test.alt", suggested=suggested))
