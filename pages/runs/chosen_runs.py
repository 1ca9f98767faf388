"""The runs selected in the table or by a link."""

from core.runs.store import AnyRun
from core.text import say
from pages.runs.table import run_table
from pages.runs.view import RunsView
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.url_state import change


def chosen_runs(view: RunsView) -> list[AnyRun]:
    """Show the table of all runs; returns the selected ones in the order of selection."""
    by_id = {run.id: run for run in look().entries}
    linked = [run_id for run_id in view.runs.split(",") if run_id]
    gone = [run_id for run_id in linked if run_id not in by_id]
    if gone:
        link_problem(say("runs.gone", ids=plain_text(", ".join(gone), longest=120)))
    return [by_id[run_id] for run_id in run_table(list(by_id.values()), linked, _choose)]


def leave_out(view: RunsView, run_id: str) -> None:
    """Deselect this run; call from a callback."""
    change(runs=",".join(linked for linked in view.runs.split(",") if linked != run_id))


def _choose(ids: list[str]) -> None:
    change(runs=",".join(ids), epoch_a="best", epoch_b="best", diff_true=None, diff_predicted=None)
