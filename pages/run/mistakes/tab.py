"""Mistakes: the misclassified digits, one of them opened, and labels that may be wrong."""

from core.runs.entries import Run
from core.text import say
from pages.run.mistakes.labels import suspected_labels
from pages.run.mistakes.sheet import FROM_START, first_digits, mistakes_sheet
from pages.run.mistakes.shown import Shown
from pages.run.mistakes.table import prediction_table
from pages.run.mistakes.view import MistakesView
from pages.shared.digit_images import digit_images
from pages.shared.known_classes import known_classes
from pages.shared.run_header import Head, looked_at
from pages.widgets.switch import switch

SHOWS = {"mistakes": mistakes_sheet, "labels": suspected_labels, "table": prediction_table, "first": first_digits}


def mistakes(run: Run, view: MistakesView, head: Head) -> None:
    # predicted out of sample, so neither epoch nor part of the data matters
    of_training = (view.show, view.labels_of) == ("labels", "training")
    looked = looked_at(run, view, head, pickers=not of_training)
    if looked is None:
        return
    view = known_classes(view, len(looked.classes), "true", "predicted")
    switch(
        "show",
        view.show,
        list(SHOWS),
        say("mistakes.show"),
        lambda name: say(f"mistakes.shows.{name}"),
        also=FROM_START,
    )
    images = None if of_training else digit_images(looked)
    SHOWS[view.show](Shown(looked, looked.answers, images), view)
