"""The visitor's images as they were read: counts, pictures, what was found, and whether to use them."""

import numpy as np
import streamlit as st

from core.config.datasets import DataDescription
from core.data.about import LENGTHS, About
from core.data.arrays import Arrays
from core.data.draft import Draft
from core.data.store import free_name
from core.errors import DigitLabError
from core.formatting import size
from core.text import Message, say
from pages.data.choices import data_choices
from pages.data.findings import findings
from pages.data.trial import Trial, trial
from pages.state.plain_text import plain_text
from pages.state.url_state import change
from pages.state.visitor import data_access
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.digit_sheet import SheetDigit, digit_sheet

_EXAMPLES = 18
_LISTED = 12


def review(own: Trial, draft: Draft) -> None:
    """Draw it; if the draft has been damaged, say so and begin again."""
    try:
        about, arrays = draft.about(), draft.arrays()
    except DigitLabError:
        arrays = None
    if arrays is None:
        own.stop(Message("data_sets.crashed"))
        st.rerun()
    description = about.description
    st.markdown(f"#### {say('data_sets.review', title=plain_text(about.title, longest=60))}")
    st.markdown(say("data_sets.counts", **counts(description), size=size(draft.bytes)))
    left, right = st.columns([6, 7], gap="large")
    with left:
        _decision(own, draft, about)
        _classes(arrays, description)
    with right:
        _examples(arrays, description)
        findings("data_add.found", about.findings, about.skipped, arrays, description)


def counts(description: DataDescription) -> dict[str, str]:
    """Numbers of a data set as the sentences about it have them."""
    height, width, channels = description.shape
    return {
        "classes": str(len(description.classes)),
        "training": f"{description.training:,}",
        "test": f"{description.test:,}",
        "shape": f"{height} × {width}",
        "color": say("data_sets.gray" if channels == 1 else "data_sets.color"),
    }


def _decision(own: Trial, draft: Draft, about: About) -> None:
    if own.said:
        st.error(plain_text(own.said, longest=500), icon=":material/error:")
    with st.container(border=True):
        title = st.text_input(say("data_sets.title"), about.title, LENGTHS["title"], key="data_add.title")
        with st.expander(say("data_sets.more"), icon=":material/notes:"):
            texts = {
                name: st.text_input(
                    say(f"data_sets.{name}"),
                    max_chars=LENGTHS[name],
                    key=f"data_add.{name}",
                    help=say(f"data_sets.{name}_help"),
                )
                for name in ("licence", "source", "note")
            }
        with st.expander(say("data_sets.again"), icon=":material/tune:"):
            own.choices = data_choices(own.choices)
            st.button(say("data_sets.read_again"), key="data_add.again", on_click=own.read_again)
        with st.container(horizontal=True):
            st.button(
                say("data_sets.use"),
                key="data_add.use",
                type="primary",
                icon=":material/check:",
                on_click=_use,
                args=(draft, title, texts),
            )
            st.button(say("data_sets.discard"), key="data_add.discard", icon=":material/delete:", on_click=own.stop)


def _use(draft: Draft, title: str, texts: dict[str, str]) -> None:
    own = trial()
    name = free_name(title)
    try:
        data_access().keep(draft, name, title=title or name, **texts)
    except DigitLabError as error:
        own.said = error.message
        return
    own.stop()
    own.added = name
    change(dataset=name, aspect="digits", digit=None, true=None)


def _classes(arrays: Arrays, description: DataDescription) -> None:
    train, test = (
        np.bincount(labels, minlength=len(description.classes)) for labels in (arrays.train_labels, arrays.test_labels)
    )
    rows = [
        Row((name, f"{train[label]:,}", f"{test[label]:,}")) for label, name in enumerate(description.classes[:_LISTED])
    ]
    heads = [say("data_sets.class"), say("data_charts.training"), say("data_charts.test")]
    compact_table(heads, rows, right={1, 2}, alt=say("data_sets.classes_alt"))
    if len(description.classes) > _LISTED:
        st.caption(say("data_sets.more_classes", count=len(description.classes) - _LISTED))


def _examples(arrays: Arrays, description: DataDescription) -> None:
    """Some images of each class, in the order of the classes."""
    labels = np.asarray(arrays.train_labels)
    each = max(1, _EXAMPLES // len(description.classes))
    own = [np.flatnonzero(labels == label)[:each] for label in range(len(description.classes))]
    indices = np.concatenate(own)[:_EXAMPLES]
    st.markdown(f"**{say('data_sets.images')}**")
    digit_sheet(
        "data_add.images",
        arrays.train_images[indices],
        [SheetDigit(int(index), description.classes[labels[index]]) for index in indices],
        alt=say("data_sets.examples", count=len(indices)),
        size=48,
        ink=description.is_digits,
    )
