"""Bring back the runs that were deleted last."""

from core.text import say
from pages.shared.undo_button import undo_button
from pages.state.plain_text import plain_text
from pages.state.visitor import access


def undo() -> None:
    """A button for the runs deleted last, for as long as they can be restored; nothing otherwise."""
    deleted = access().set_aside_runs()
    if not deleted:
        return
    last = deleted[0]
    together = sum(run.batch == last.batch for run in deleted)
    name = plain_text(last.name, longest=40)
    undo_button(
        say("run_list.undo", name=name) if together == 1 else say("run_list.undo_many", count=together),
        "runs.undo",
        last.seconds_left,
        lambda: access().restore(last.batch),
        lambda: len(access().set_aside_runs()),
    )
