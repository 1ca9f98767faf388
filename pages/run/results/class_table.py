"""Precision, recall and F1 of each class, and what it is mistaken for."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import streamlit as st

from core import formatting as figures
from core.analysis.confusion import confusion_matrix, per_class
from core.array_types import Bytes
from core.text import say
from pages.shared.digit_images import ready_images
from pages.shared.run_header import Looked
from pages.state.page_links import go
from pages.widgets.digit_table import Column, Row, digit_table

_SORTED = "classes.sorted"
_LABEL, _SHARES, _COUNTS = "label", ("precision", "recall", "f1"), ("support", "errors")
_EXPLAINED = (*_SHARES, "support", "confused")


def class_table(looked: Looked) -> None:
    """A row for each class with its mean digit; its name opens its mistakes, a column's head sorts."""
    table = per_class(confusion_matrix(looked.answers))
    by, descending = st.session_state.get(_SORTED, (_LABEL, False))
    if by != _LABEL:
        table = table.sort_values(by, ascending=not descending, kind="stable")
    images = ready_images(looked)
    digit_table(
        "classes",
        [_column(name, by, descending=descending) for name in (_LABEL, *_SHARES, *_COUNTS, "confused")],
        [_row(looked, values, int(table["errors"].max())) for values in table.reset_index().to_dict("records")],
        alt=say("classes.alt"),
        images=None if images is None else _means(images, looked.answers.labels, table.index.to_numpy()),
        ink=looked.ink,
        most=34.0,
        on_open=_open,
        on_sort=_sort,
    )
    st.caption(say("classes.note"))


def _column(name: str, by: str, *, descending: bool) -> Column:
    return Column(
        name,
        say(f"classes.{name}"),
        help=say(f"classes.{name}_help") if name in _EXPLAINED else "",
        text=name in (_LABEL, "confused"),
        sorts=name != "confused",
        sorted="" if name != by else "descending" if descending else "ascending",
    )


def _row(looked: Looked, values: dict[Hashable, Any], most: int) -> Row:
    label, confused = int(values["label"]), int(values["confused_count"])
    mistaken = (
        say("classes.mistaken", other=looked.classes[int(values["confused_with"])], count=confused) if confused else ""
    )
    errors = int(values["errors"])
    return Row(
        label,
        looked.classes[label],
        [
            *(figures.percent(float(values[name])) for name in _SHARES),
            *(f"{int(values[name]):,}" for name in _COUNTS),
            mistaken,
        ],
        bars={len(_SHARES) + 1: errors / most} if errors else {},
        hover=say("classes.hover", label=looked.classes[label]),
    )


def _means(images: Bytes, labels: Bytes, classes: np.ndarray) -> Bytes:
    """The mean image of each of these classes; blank for one without images."""
    read = np.asarray(images)  # a part of a mapped file costs more than the same of an array
    of_class = [np.flatnonzero(labels == label) for label in classes]
    means = [read[places].mean(axis=0) if len(places) else read[0] * 0 for places in of_class]
    rounded: Bytes = np.array(means).round().astype(np.uint8)
    return rounded


def _open(label: int) -> None:
    go("mistakes", show="mistakes", answers="wrong", true=label, predicted=None, low=0, high=100, page=1, digit=None)


def _sort(name: str) -> None:
    """Sort by a column, figures from the highest; a second time the other way round."""
    by, descending = st.session_state.get(_SORTED, (_LABEL, False))
    st.session_state[_SORTED] = (name, not descending if name == by else name != _LABEL)
