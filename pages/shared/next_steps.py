"""Where to go from a run that has ended: its mistakes, Draw, and a comparison."""

import streamlit as st

from core.bundle.format import ENDED
from core.config.presets import preset_for
from core.errors import UnreadableRun
from core.runs.counterpart import counterpart
from core.runs.entries import Run
from core.runs.epochs import nearest_epoch
from core.runs.predictions import predicted_epochs
from core.runs.weights import weighted_epochs
from core.text import say
from pages.state.page_links import RUN_PARAMETER, page_link
from pages.state.plain_text import plain_text
from pages.state.server_state import answers, look
from pages.state.url_state import TAB


def next_steps(run: Run) -> None:
    """Links, each to exactly what it names; nothing while the run goes on."""
    if run.status.state not in ENDED:
        return
    with st.container(horizontal=True, key="next_steps"):
        if errors := _errors(run):
            key = "next_steps.mistake" if errors == 1 else "next_steps.mistakes"
            parameters = {TAB: "mistakes", RUN_PARAMETER: run.id}
            page_link("run", say(key, count=f"{errors:,}"), icon="rule", parameters=parameters)
        usable = weighted_epochs(run.folder) or run.manifest.model is not None
        if usable and run.manifest.config.data.takes_drawings:
            page_link("draw", say("next_steps.draw"), icon="draw", parameters={"model": run.id})
        other = counterpart(run, look().runs) if run.status.epoch else None
        if other is not None:
            label = say("next_steps.compare", name=plain_text(_name(other), longest=40))
            page_link("runs", label, icon="compare_arrows", parameters={"runs": f"{run.id},{other.id}"})


def _errors(run: Run) -> int:
    """The number of test digits that Mistakes shows at first; 0 if the predictions cannot be read."""
    epochs = predicted_epochs(run.folder)
    try:
        return answers(run, nearest_epoch("best", epochs, run.status.best_epoch)[0], "test").errors if epochs else 0
    except UnreadableRun:
        return 0


def _name(run: Run) -> str:
    """An included run of a preset by the name that the form gives it, any other run by its own."""
    config = run.manifest.config
    return (
        say(f"presets.{config.preset}.name")
        if run.shipped and config == preset_for(config.preset, config.dataset).replace(dataset=config.dataset)
        else run.name
    )
