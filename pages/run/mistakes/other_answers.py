"""Other runs' predictions of one digit."""

import streamlit as st

from core.errors import UnreadableRun
from core.runs.predictions import kept_epoch, same_digits
from core.runs.store import Run
from core.text import say
from pages.shared.run_header import Looked, run_label
from pages.state.server_state import answers, look

MOST = 12


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
        rows.append(
            {
                "answer": say("others.right" if right else "others.wrong", predicted=predicted),
                "confidence": 100 * float(theirs.confidence[digit]),
                "run": run_label(run),
            }
        )
    if not rows:
        return
    st.markdown(f"**{say('others.title')}**", help=say("others.help"))
    st.dataframe(
        rows,
        column_config={
            "answer": st.column_config.TextColumn(say("others.answer"), width=70),
            "confidence": st.column_config.NumberColumn(say("others.confidence"), format="%.2f %%", width=90),
            "run": st.column_config.TextColumn(say("others.run"), width="large"),
        },
        hide_index=True,
        key="opened.others",
        alt=say("others.alt"),
    )
    if len(others) > MOST:
        st.caption(say("others.more", count=len(others) - MOST))


def _others(looked: Looked) -> list[Run]:
    shown = looked.run
    others = [run for run in look().runs if run.id != shown.id and run.status.epoch]
    return [run for run in others if same_digits(run.manifest, shown.manifest, looked.part)]
