"""The five figures of a run after an epoch."""

import streamlit as st

from core import formatting as figures
from core.analysis.calibration import expected_calibration_error
from core.analysis.confusion import confusion_matrix, macro_f1
from core.analysis.interval import wilson
from core.text import say
from pages.shared.run_header import Looked


def result_cards(looked: Looked) -> None:
    """Accuracy with its interval, loss, macro F1, errors and calibration error."""
    answers = looked.answers
    low, high = wilson(len(answers) - answers.errors, len(answers))
    cards = {
        "accuracy": (figures.percent(answers.accuracy), say("results.interval", low=_plain(low), high=_plain(high))),
        "loss": (figures.loss(answers.mean_loss), say("results.nats")),
        "f1": (figures.percent(macro_f1(confusion_matrix(answers))), say("results.ten_classes")),
        "errors": (f"{answers.errors:,}", say("results.of", count=f"{len(answers):,}")),
        "ece": (figures.percent(expected_calibration_error(answers)), say("results.points_off")),
    }
    with st.grid(len(cards), min_column_width=150):
        for name, (value, beside) in cards.items():
            st.metric(
                say(f"results.{name}"),
                value,
                delta=beside,
                delta_color="off",
                delta_arrow="off",
                help=say(f"results.{name}_help"),
            )
    if looked.optimistic:
        st.caption(say("results.optimistic"))


def _plain(share: float) -> str:
    return f"{100 * share:.2f}"
