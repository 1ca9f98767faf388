"""Runs: a list of all runs, and a comparison of the selected ones."""

from core.text import say
from pages.runs.chosen_runs import chosen_runs
from pages.runs.comparison import run_comparison
from pages.runs.view import RunsView
from pages.shell.page_head import page_head
from pages.state.url_state import look


def page() -> None:
    page_head(say("pages.runs"), say("runs.what"))
    view = look(RunsView)
    run_comparison(view, chosen_runs(view))


page()
