"""Draws a sweep's page again as the sweep goes on."""

import streamlit as st

from core.files import stamp
from core.sweeps.folder import Listed
from pages.state.server_state import sweeps, trials_version

TICK_SECONDS = 1.0


def follow(found: Listed) -> None:
    """Look each second whether the sweep has gone on; nothing once it has ended."""
    if found.is_active or found.is_due:
        st.fragment(_follow, run_every=TICK_SECONDS)(found.id, _version(found))


def _follow(sweep_id: str, known: tuple[object, ...]) -> None:
    """Draw the page again when the sweep goes on; clicks leave for other pages, so they need the whole page."""
    if _version(sweeps().find(sweep_id)) != known:
        st.rerun()


def _version(found: Listed) -> tuple[object, ...]:
    """What changes with each step of a sweep."""
    folder = found.folder
    return found.status.state, found.status.epoch, trials_version(folder), stamp(str(folder.figure("x").parent))
