"""How well the network's confidence matches its accuracy."""

import streamlit as st

from core import formatting as figures
from core.analysis.calibration import confidence_histogram, expected_calibration_error, reliability
from core.charts.calibration import confidence_figure, reliability_figure
from core.text import say
from pages.shared.run_header import Looked
from pages.state.theme import colors
from pages.widgets.chart import chart

HEIGHT = 340


def calibration(looked: Looked) -> None:
    """The reliability diagram, and the confidence of right and wrong predictions."""
    answers = looked.answers
    error = expected_calibration_error(answers)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{say('calibration.reliability')}**", help=say("calibration.reliability_help"))
        figure = reliability_figure(reliability(answers), colors=colors(), height=HEIGHT)
        alt = say("calibration.reliability_alt", error=figures.percent(error))
        chart("calibration.reliability", figure, name="reliability", alt=alt)
    with right:
        st.markdown(f"**{say('calibration.confidence')}**", help=say("calibration.confidence_help"))
        figure = confidence_figure(confidence_histogram(answers), colors=colors(), height=HEIGHT)
        alt = say("calibration.confidence_alt", errors=answers.errors)
        chart("calibration.confidence", figure, name="confidence", alt=alt)
