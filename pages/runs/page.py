"""Runs: a table of all runs, and a comparison of the selected ones."""

from core.runs.store import Run
from core.text import say
from pages.runs.chosen_runs import chosen_runs, leave_out
from pages.runs.comparison import run_comparison
from pages.runs.edit import run_edit
from pages.runs.upload import run_opening
from pages.runs.view import RunsView
from pages.shell.page_head import page_head
from pages.state.page_links import run_links
from pages.state.url_state import change, look


def page() -> None:
    page_head(say("pages.runs"), say("runs.what"))
    view = look(RunsView)
    chosen = chosen_runs(view)
    run_opening([run.id for run in chosen], lambda run_id: change(runs=run_id))
    if len(chosen) == 1:
        if isinstance(chosen[0], Run):
            run_links(chosen[0], "curves", "results", "mistakes", "inside", "settings")
        run_edit(chosen[0], on_delete=lambda: leave_out(view, chosen[0].id))
    run_comparison(view, chosen)


page()
