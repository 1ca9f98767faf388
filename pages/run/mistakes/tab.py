"""Mistakes: the misclassified digits, one of them opened, and labels that may be wrong."""

from core.text import say
from pages.run.mistakes.sheet import FROM_START, first_digits, mistakes_sheet, suspected_labels
from pages.run.mistakes.table import digit_table
from pages.run.mistakes.view import MistakesView
from pages.shared.digit_images import digit_images
from pages.shared.run_header import run_head
from pages.shell.page_head import page_head
from pages.state.url_state import look
from pages.widgets.switch import switch

SHOWS = {"mistakes": mistakes_sheet, "labels": suspected_labels, "table": digit_table, "first": first_digits}


def page() -> None:
    page_head(say("pages.mistakes"), say("mistakes.what"))
    view = look(MistakesView)
    looked = run_head(view)
    if looked is None:
        return
    switch(
        "show",
        view.show,
        list(SHOWS),
        say("mistakes.show"),
        lambda name: say(f"mistakes.shows.{name}"),
        also=FROM_START,
    )
    SHOWS[view.show](looked, view, digit_images(looked))


page()
