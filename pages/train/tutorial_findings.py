"""What was read of a tutorial: what differs, its code for Keras 3, and what it printed."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from core import formatting as figures
from core.charts.trace import Role, Trace
from core.config.printed import PrintedHistory
from core.text import say
from core.tutorials.sandbox import Reading, ReadNote
from pages.state.plain_text import plain_text
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.live_chart import live_chart, live_chart_room

_CHART_HEIGHT = "18rem"
_LONGEST_DIFF = 420
"""Pixels; a longer one scrolls."""


def findings(reading: Reading, chosen: int) -> None:
    """Everything below the sentence on the form, for the training that was chosen."""
    _differences(reading, chosen)
    for name, notes in (("guesses", reading.guesses), ("unread", reading.unread)):
        if notes:
            st.markdown(f"**{say(f'from_tutorial.{name}')}**")
            _notes(notes)
    printed = reading.printed_by(chosen)
    shown = [*(["code"] if reading.code.strip() and reading.trainings else []), *(["printed"] if printed else [])]
    if not shown:
        return
    for name, tab in zip(shown, st.tabs([say(f"from_tutorial.tab_{name}") for name in shown]), strict=True):
        with tab:
            if name == "code":
                _code(reading)
            elif printed is not None:
                _printed(printed)


def _differences(reading: Reading, chosen: int) -> None:
    said = reading.trainings[chosen].differences if reading.trainings else ()
    if said:
        st.markdown(f"**{say('from_tutorial.differs')}**")
        st.markdown("\n".join(f"- {plain_text(each)}" for each in said))


def _notes(notes: Sequence[ReadNote]) -> None:
    heads = [say(f"from_tutorial.{name}") for name in ("line", "code", "why")]
    rows = [Row((str(note.line) if note.line else "–", note.code, say(note.said))) for note in notes]
    compact_table(heads, rows, right={0})


def _code(reading: Reading) -> None:
    if not reading.changes:
        st.caption(say("from_tutorial.unchanged"))
        st.code(reading.code, language="python", height=_LONGEST_DIFF)
    else:
        lines = reading.diff.count("\n") + 1
        st.code(reading.diff, language="diff", height=_LONGEST_DIFF if lines > 20 else "content")
    with st.container(horizontal=True):
        for kind, data in (("py", reading.code), ("ipynb", reading.notebook)):
            st.download_button(
                say(f"from_tutorial.download_{kind}"),
                data,
                file_name=f"tutorial_keras_3.{kind}",
                key=f"tutorial.download.{kind}",
                icon=":material/download:",
                on_click="ignore",
            )
    if reading.changes:
        st.markdown(f"**{say('from_tutorial.changes')}**")
        rows = [Row((str(note.line) if note.line else "–", say(note.said))) for note in reading.changes]
        compact_table([say("from_tutorial.line"), say("from_tutorial.why")], rows, right={0})


def _printed(printed: PrintedHistory) -> None:
    if printed.test is not None:
        st.markdown(say("from_tutorial.printed_test", accuracy=figures.percent(printed.test[1])))
    if not printed.loss:
        return
    live_chart_room(_CHART_HEIGHT)
    with st.grid(2, min_column_width=240):
        metrics: tuple[Literal["loss", "accuracy"], ...] = ("loss", "accuracy")
        for metric in metrics:
            live_chart(
                f"tutorial_{metric}",
                "tutorial",
                _traces(printed, metric),
                x_title=say("watch.epoch_axis"),
                y_title=say(f"watch.{metric}_axis"),
                alt=say(f"from_tutorial.{metric}_alt"),
                y_format=".2%" if metric == "accuracy" else "",
                log_y=False,
                smoothing=1,
                x_end=len(printed.loss),
            )
    st.caption(say("from_tutorial.behind"))


def _traces(printed: PrintedHistory, metric: str) -> list[Trace]:
    found = []
    roles: tuple[tuple[Role, str], ...] = (("training", metric), ("validation", f"val_{metric}"))
    for role, name in roles:
        if values := getattr(printed, name):
            found.append(Trace(name=say(f"curves.{role}"), role=role, x=range(1, len(values) + 1), y=values))
    return found
