"""Bring back the data set that was deleted last."""

from core.text import say
from pages.shared.undo_button import undo_button
from pages.state.plain_text import plain_text
from pages.state.visitor import data_access


def undo() -> None:
    """A button for the data set deleted last, for as long as it can be restored; nothing otherwise."""
    deleted = data_access().set_aside_sets()
    if not deleted:
        return
    last = deleted[0]
    undo_button(
        say("run_list.undo", name=plain_text(last.about.title or last.name, longest=40)),
        "data_sets.undo",
        last.folder.seconds_left,
        lambda: data_access().restore(last),
        lambda: len(data_access().set_aside_sets()),
    )
