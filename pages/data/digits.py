"""The contents of a data set: arrays, class balance, and a sample of digits."""

from functools import partial

import numpy as np
import streamlit as st

from core.array_types import Bytes
from core.charts.class_balance import class_balance_figure
from core.data.datasets import Dataset
from core.text import listed, named, say
from pages.data.view import DataView
from pages.state.theme import colors
from pages.state.url_state import bound, change
from pages.widgets.chart import chart
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.random_button import count_press, random_button

_HEIGHT = 230
_SHOWN = 50
_PILLS = 60
"""Characters of all names together that fit side by side."""
_SEED = "data.others"


def digits(data: Dataset, view: DataView) -> None:
    """Shapes and types, the number of digits per class, and a sheet of digits."""
    left, right = st.columns([6, 7], gap="large")
    with left:
        _arrays(data)
        _balance(data)
    with right:
        _sheet(data, view)


def _arrays(data: Dataset) -> None:
    arrays = {part: getattr(data, part) for part in ("train_images", "train_labels", "test_images", "test_labels")}
    rows = [
        Row(
            (
                say(f"data_page.arrays.{part}"),
                " × ".join(f"{size:,}" for size in array.shape),
                str(array.dtype),
                "0–255" if part.endswith("images") else f"0–{len(data.description.classes) - 1}",
            )
        )
        for part, array in arrays.items()
    ]
    heads = [say(f"data_page.{name}") for name in ("array", "shape", "type", "values")]
    compact_table(heads, rows, alt=say("data_page.arrays_alt"))


def _balance(data: Dataset) -> None:
    classes = len(data.description.classes)
    train, test = _counts(data.train_labels, classes), _counts(data.test_labels, classes)
    st.markdown(f"**{say('data_page.balance')}**", help=say("data_page.balance_help"), width="content")
    told = listed(
        named(name, f"{one:,} + {other:,}")
        for name, one, other in zip(data.description.classes, train, test, strict=True)
    )
    figure = class_balance_figure(train, test, classes=data.description.classes, colors=colors(), height=_HEIGHT)
    alt = say("data_page.balance_alt", counts=told)
    chart("data.balance", figure, name="class-balance", alt=alt)


def _sheet(data: Dataset, view: DataView) -> None:
    classes = data.description.classes
    options = ["any", *range(len(classes))]
    chosen = "any" if view.true is None else view.true

    def then(choice: int | str) -> dict[str, int | str | None]:
        return {"true": None if choice == "any" else choice}

    def text(choice: int | str) -> str:
        return say("data_page.all") if isinstance(choice, str) else classes[choice]

    with st.container(horizontal=True, vertical_alignment="center"):
        label = say("digit_pickers.class")
        if sum(map(len, classes)) <= _PILLS:
            bind = bound("true", chosen, first="default", options=options, then=then)
            st.pills(label, options, format_func=text, required=True, label_visibility="collapsed", **bind)
        else:
            bind = bound("true", chosen, first="index", options=options, then=then)
            st.selectbox(label, options, format_func=text, label_visibility="collapsed", width=260, **bind)
    indices = _some(data.train_labels, view.true, st.session_state.get(_SEED, 0), len(classes))
    digit_sheet(
        "data.sheet",
        data.train_images[indices],
        [
            SheetDigit(index, classes[data.train_labels[index]], hover=say("data_page.index", index=index))
            for index in map(int, indices)
        ],
        alt=say("data_page.sheet_alt", count=len(indices)),
        size=42 if data.description.is_digits else 56,
        ink=data.description.is_digits,
        on_choose=lambda index: change(digit=index, aspect="one"),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        random_button(say("data_page.others"), "data.others_button", partial(count_press, _SEED))
        st.caption(say("data_page.sheet_note"))


def _some(labels: Bytes, digit: int | None, seed: int, classes: int) -> np.ndarray:
    """Indices of random digits of one class, or of equally many per class, class by class; ascending within a class."""
    random = np.random.default_rng(seed)
    wanted = range(classes) if digit is None else [digit]
    own = [np.flatnonzero(labels == one) for one in wanted]
    each = max(1, _SHOWN // len(own))
    return np.concatenate([np.sort(random.choice(some, min(each, len(some)), replace=False)) for some in own])


def _counts(labels: Bytes, classes: int) -> list[int]:
    return [int(count) for count in np.bincount(labels, minlength=classes)]
