"""The five figures of a run after an epoch."""

import streamlit as st

from core import formatting as figures
from core.analysis.calibration import expected_calibration_error
from core.analysis.confusion import confusion_matrix, macro_f1
from core.analysis.interval import wilson
from core.analysis.verdict import guessing
from core.runs.epoch_loss import epoch_loss
from core.text import say
from pages.shared.run_header import Looked
from pages.widgets.explanations import explanations
from pages.widgets.metric_cards import Card, metric_cards


def result_cards(looked: Looked) -> None:
    """Accuracy with its interval, loss, macro F1, errors and calibration error."""
    answers = looked.answers
    low, high = wilson(len(answers) - answers.errors, len(answers))
    shown = {
        "accuracy": (figures.percent(answers.accuracy), say("results.interval", low=_plain(low), high=_plain(high))),
        "loss": (figures.loss(_loss(looked)), say("results.nats")),
        "f1": (figures.percent(macro_f1(confusion_matrix(answers))), say("results.ten_classes", count=answers.classes)),
        "errors": (f"{answers.errors:,}", say("results.of", count=f"{len(answers):,}")),
        "ece": (figures.percent(expected_calibration_error(answers)), say("results.points_off")),
    }
    cards = [Card(say(f"results.{name}"), *texts) for name, texts in shown.items()]
    guess = {"classes": answers.classes, "guessing": figures.loss(guessing(answers.classes))}
    about = {say(f"results.{name}"): say(f"results.{name}_help", **guess) for name in shown}
    metric_cards(cards, about=explanations(about))
    if looked.optimistic:
        st.caption(say("results.optimistic"))


def _loss(looked: Looked) -> float:
    """As Curves has it, which is of predictions that were not rounded yet."""
    run, kept = looked.run, looked.answers.mean_loss
    return epoch_loss(kept, run.folder, run.manifest.config, run.status, looked.epoch, looked.part)


def _plain(share: float) -> str:
    return f"{100 * share:.2f}"
