"""The mean image of each class, and the images most and least like it."""

from functools import partial

import numpy as np
import streamlit as st

from core.analysis.typical import class_means, distances, nearest_and_farthest
from core.array_types import Floats, Indices
from core.data.datasets import Dataset
from core.text import say
from pages.data.view import DataView
from pages.state.background import ready, submit
from pages.state.plain_text import plain_text
from pages.state.url_state import change
from pages.widgets.digit_sheet import SheetDigit, digit_sheet

_EACH = 21


def typical(data: Dataset, view: DataView) -> None:
    """The mean images; clicking one shows the most typical and most unusual images of its class."""
    answer = submit(("typical", data.name, data.digest), partial(_measured, data))
    st.markdown(f"**{say('data_page.means')}**", help=say("data_page.means_help"), width="content")
    if not ready(answer):
        st.caption(say("data_page.measuring", count=f"{len(data.train_labels):,}"))
        st.skeleton(height=420)
        return
    means, far = answer.result()
    digit = view.true or 0
    digit_sheet(
        "data.means",
        np.round(255 * means).astype(np.uint8),
        [SheetDigit(one, name) for one, name in enumerate(data.description.classes)],
        chosen=digit,
        alt=say("data_page.means_alt"),
        size=84 if len(data.description.classes) <= 14 else 42,
        ink=data.description.is_digits,
        on_choose=lambda one: change(true=one),
    )
    near, odd = nearest_and_farthest(far, data.train_labels, digit, _EACH)
    for name, indices, column in zip(("nearest", "oddest"), (near, odd), st.columns(2, gap="large"), strict=True):
        with column:
            about = say("data_page.distance_help") if name == "nearest" else None
            st.markdown(
                f"**{say(f'data_page.{name}', name=plain_text(data.description.classes[digit]))}**",
                help=about,
                width="content",
            )
            _sheet(f"data.{name}", data, indices, far)


def _sheet(key: str, data: Dataset, indices: Indices, far: Floats) -> None:
    digit_sheet(
        key,
        data.train_images[indices],
        [
            SheetDigit(index, f"{far[index]:.2f}", hover=say("data_page.index", index=index))
            for index in map(int, indices)
        ],
        alt=say("data_page.distance_alt", count=len(indices)),
        size=56,
        ink=data.description.is_digits,
        on_choose=lambda index: change(digit=index, aspect="one"),
    )


def _measured(data: Dataset) -> tuple[Floats, Floats]:
    means = class_means(data.train_images, data.train_labels, len(data.description.classes))
    return means, distances(data.train_images, data.train_labels, means)
