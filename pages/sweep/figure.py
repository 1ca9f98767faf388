"""Optuna's figures of a sweep; a click on a point opens the run."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.charts.sweep import sweep_figure
from core.files import Stamp, stamp
from core.sweeps.folder import Listed, SweepFolder, TrialRecord
from core.sweeps.sweep import Sweep
from core.sweeps.variation import label
from core.text import catalogue, say
from pages.state.page_links import go
from pages.state.theme import colors
from pages.state.url_state import bound, view_now
from pages.sweep.view import FIGURES, SweepView
from pages.widgets.clickable_chart import clickable_chart
from pages.widgets.switch import switch

HEIGHT = 330
_OF_SETTINGS = ("slice", "contour")


@st.fragment
def figure(found: Listed, sweep: Sweep, records: Sequence[TrialRecord]) -> None:
    """Draw the chosen figure and its pickers, which redraw it alone; a sentence before the first trial has ended."""
    view = view_now(SweepView)
    drawn = _drawn(found.folder)
    kinds = [kind for kind in FIGURES if kind in drawn]
    if not kinds:
        with st.container(height=HEIGHT, border=False, key="sweep.empty"):
            st.caption(say("sweep_page.no_figure"))
        return
    kind = next((each for each in kinds if each == view.figure), kinds[0])
    with st.container(horizontal=True, vertical_alignment="bottom", key="sweep.figures"):
        switch("figure", kind, kinds, say("sweep_page.figure"), lambda name: say(f"sweep_page.figures.{name}"))
        about = ""
        if kind in _OF_SETTINGS:
            abouts = drawn[kind]
            about = view.about if view.about in abouts else abouts[0]
            st.selectbox(
                say("sweep_page.about"),
                abouts,
                format_func=_about,
                label_visibility="collapsed",
                width=340,
                **bound("about", about, first="index", options=abouts),
            )
    name = f"{kind}-{about}" if about else kind
    path = str(found.folder.figure(name))
    values = _read(path, stamp(path))
    if values is None:
        return
    metric = say(f"options.sweep_metric.{sweep.objective}")
    made = sweep_figure(values, colors(), HEIGHT, title=partial(_title, metric))
    runs = {record.number: record.runs[0] for record in records if record.runs and not record.again}
    clickable_chart(
        "sweep",
        made,
        alt=say(f"sweep_page.alt.{kind}", count=sum(bool(record.scores) for record in records)),
        on_choose=lambda number: _open(runs, number),
    )
    st.caption(say(f"sweep_page.read.{kind}"))


def _open(runs: dict[int, str], number: int) -> None:
    if number in runs:
        go("curves", run=runs[number], epoch="best")
        # the figure alone cannot leave for another page
        st.rerun()


def _drawn(folder: SweepFolder) -> dict[str, list[str]]:
    """Each kind of figure that there is, with what it is about."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.figure("x").parent.glob("*.json")):
        if not path.name.startswith("."):
            kind, _, about = path.stem.partition("-")
            found.setdefault(kind, []).append(about)
    return found


def _about(text: str) -> str:
    first, both, second = text.partition("-")
    if not both:
        return say(label(first))
    return say("sweep_page.both", first=say(label(first)), second=say(label(second)))


def _title(metric: str, text: str) -> str:
    """What Optuna writes, in words: a setting, the score, which is this metric, or a word of its own."""
    if text == "Objective Value":
        return metric
    for key in (f"fields.{text}", f"options.sweep_metric.{text}", f"sweep_page.words.{text}"):
        if key in catalogue():
            return say(key)
    setting, dot, place = text.partition(".")
    return say(label(text)) if dot and place.isdecimal() and f"sweeps.size.{setting}" in catalogue() else text


@st.cache_resource(max_entries=32, show_spinner=False)
def _read(path: str, version: Stamp) -> dict[str, Any] | None:  # noqa: ARG001 part of the key
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 the key is a text
            values: dict[str, Any] = json.load(file)
    except (OSError, ValueError):
        return None
    return values
