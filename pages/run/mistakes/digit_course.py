"""One digit's probabilities over a run's epochs."""

import numpy as np
import streamlit as st

from core.analysis.answers import probabilities_of
from core.charts.digit_course import digit_course_figure
from core.errors import UnreadableRun
from core.text import say
from pages.shared.run_header import Looked
from pages.state.server_state import course
from pages.state.theme import colors
from pages.widgets.chart import chart

HEIGHT = 220


def digit_course(looked: Looked, digit: int) -> None:
    """A chart, if the run has the predictions of more than one epoch."""
    if len(looked.epochs) < 2:
        return
    try:
        epochs, stored = course(looked.run, looked.part)
    except UnreadableRun:
        st.caption(say("course.damaged"))
        return
    probabilities = probabilities_of(stored[:, digit].astype(np.float32))
    label = int(looked.answers.labels[digit])
    st.markdown(f"**{say('course.title')}**")
    figure = digit_course_figure(
        epochs,
        probabilities,
        classes=looked.classes,
        label=label,
        chosen_epoch=looked.epoch,
        colors=colors(),
        height=HEIGHT,
    )
    alt = say("course.alt", label=looked.classes[label])
    chart("opened.course", figure, name="digit-over-epochs", alt=alt)
