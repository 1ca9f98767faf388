"""Other runs' predictions of one digit."""

import streamlit as st

from core import formatting as figures
from core.errors import UnreadableRun
from core.runs.entries import Run
from core.runs.predictions import kept_epoch, same_digits
from core.text import say, shortened
from pages.shared.run_header import Looked
from pages.state.server_state import answers, look
from pages.widgets.compact_table import Row, compact_table

MOST = 12
_LONGEST_NAME = 40


def other_answers(looked: Looked, digit: int) -> None:
    """A row per run, newest first, with its best epoch's prediction; nothing if there is no other run."""
    rows, others = [], _others(looked)
    for run in others[:MOST]:
        epoch = kept_epoch(run.folder, run.status)
        if epoch is None:
            continue
        try:
            theirs = answers(run, epoch, looked.part)
        except UnreadableRun:
            continue
        predicted = int(theirs.predicted[digit])
        right = predicted == int(theirs.labels[digit])
        answer = say("others.right" if right else "others.wrong", predicted=looked.classes[predicted])
        cells = (shortened(run.name, _LONGEST_NAME), answer, figures.probability(float(theirs.confidence[digit])))
        rows.append(Row(cells, wrong=frozenset() if right else {1}))
    if not rows:
        return
    st.markdown(f"**{say('others.title')}**", help=say("others.help"))
    heads = [say(f"others.{head}") for head in ("run", "answer", "confidence")]
    compact_table(heads, rows, right={2}, alt=say("others.alt"))
    if len(others) > MOST:
        st.caption(say("others.more", count=len(others) - MOST))


def _others(looked: Looked) -> list[Run]:
    shown = looked.run
    others = [run for run in look().runs if run.id != shown.id and run.status.epoch]
    return [run for run in others if same_digits(run.manifest, shown.manifest, looked.part)]
