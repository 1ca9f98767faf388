"""Pickers for the models that read a drawing."""

import streamlit as st

from core.text import listed, say, sentences
from pages.draw.readers import MOST_OTHERS, Readers
from pages.shared.offered_runs import told_apart
from pages.shared.run_header import run_labels
from pages.state.page_links import page_link
from pages.state.plain_text import plain_text
from pages.state.url_state import TAB, bound
from pages.widgets.note import note
from pages.widgets.train_first import train_first

_MOST_NAMED = 3


def model_pickers(readers: Readers) -> None:
    """Pickers for the run, its epoch and further runs; unusable runs are named."""
    if not readers.runs:
        train_first(say("models.none"))
    else:
        _pickers(readers)
    if readers.other_data:
        parameters = {TAB: "inside", "run": readers.other_data, "subject": "drawing"}
        page_link("run", say("models.bring"), icon="image", parameters=parameters)
    for problem in readers.problems:
        note(problem)
    if readers.damaged:
        names = [plain_text(name, longest=60) for name in readers.damaged[:_MOST_NAMED]]
        more = [] if len(readers.damaged) <= _MOST_NAMED else ["…"]
        st.caption(say("models.damaged", names=listed([*names, *more])))


def _pickers(readers: Readers) -> None:
    ids = list(readers.runs)
    labels = run_labels(readers.runs.values())
    st.selectbox(
        say("models.model"),
        ids,
        format_func=labels.__getitem__,
        help=sentences(filter(None, (say("models.model_help"), readers.not_offered))),
        **bound(
            "model",
            readers.first,
            first="index",
            options=ids,
            labels=list(labels.values()),
            also={"model_epoch": "best"},
        ),
    )
    if len(readers.epochs) > 1 and readers.models and readers.models[0].run.id == readers.first:
        st.select_slider(
            say("models.epoch"),
            readers.epochs,
            **bound("model_epoch", readers.models[0].epoch, options=readers.epochs, also={"model": readers.first}),
        )
    rest = [run_id for run_id in ids if run_id != readers.first]
    if not rest:
        return
    short = told_apart([readers.runs[run_id] for run_id in rest])
    st.multiselect(
        say("models.others"),
        rest,
        format_func=short.__getitem__,
        max_selections=MOST_OTHERS,
        **bound(
            "others",
            list(readers.others),
            first="default",
            options=rest,
            labels=list(short.values()),
            then=lambda ids: {"others": ",".join(ids) or "none"},
        ),
    )
