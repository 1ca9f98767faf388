"""A note on a page that has nothing to show before a network is trained."""

from core.text import say
from pages.state.page_links import page_link
from pages.widgets.note import note


def train_first(text: str) -> None:
    """Draw the note in one line with the way to Train."""
    with note(text, icon="search_off"):
        page_link("train", say("train.go"), icon="play_arrow")
