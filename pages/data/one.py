"""One digit as a picture, as numbers, and after each of three preparation steps."""

import numpy as np
import streamlit as st

from core.array_types import Bytes
from core.data.datasets import Dataset
from core.text import say
from pages.data.head import chosen_digit
from pages.data.view import DataView
from pages.widgets.digit_pickers import digit_pickers
from pages.widgets.digit_picture import one_digit

_SIDE = 28


def one(data: Dataset, view: DataView) -> None:
    """The digit, and the result of normalizing, flattening and one-hot encoding."""
    index = chosen_digit(view, data)
    image, label = np.array(data.train_images[index]), int(data.train_labels[index])
    right, left = st.columns([7, 8], gap="medium")
    with left:
        one_digit("data.numbers", image, alt=say("data_page.numbers_alt", index=index, label=label), values=True)
    with right, st.container(gap="xsmall"):
        digit_pickers(data.train_labels, index, data.description.classes)
        picture, facts = st.columns([2, 5], vertical_alignment="center")
        with picture:
            one_digit("data.picture", image, size=112, alt=say("data_page.digit_alt", index=index, label=label))
        with facts:
            inked = int((image > 0).sum())
            st.markdown(say("data_page.is", index=f"{index:,}", label=label))
            st.caption(say("data_page.inked", inked=inked, share=round(100 * inked / image.size)))
            with st.popover(say("data_page.as_text"), icon=":material/content_copy:", type="tertiary"):
                st.code(as_text(image), language=None, height=360)
        _steps(image, label, len(data.description.classes))


def as_text(image: Bytes) -> str:
    """28 lines of 28 numbers, each three wide."""
    return "\n".join(" ".join(f"{value:3d}" for value in row) for row in image.tolist())


def _steps(image: Bytes, label: int, classes: int) -> None:
    row, column = (int(place) for place in np.unravel_index(int(image.argmax()), image.shape))
    # seven pixels around the brightest one
    start = min(max(column - 3, 0), _SIDE - 7)
    before = image[row, start : start + 7]
    one_hot = np.eye(classes, dtype=int)[label]
    steps = {
        "normalize": f"{_line(before)}\n{_line(before / np.float32(255))}",
        "flatten": f"{_SIDE} × {_SIDE} = {_SIDE * _SIDE}   "
        f"[{row}, {column}] = [{row} × {_SIDE} + {column}] = [{row * _SIDE + column}]",
        "one_hot": f"{label} = {one_hot.tolist()}",
    }
    for name, text in steps.items():
        st.markdown(
            f"**{say(f'data_page.steps.{name}')}** · {say(f'data_page.steps.{name}_is', row=row)}",
            help=say(f"data_page.steps.{name}_help"),
            width="content",
        )
        st.code(text, language=None, wrap_lines=name == "flatten")


def _line(values: np.ndarray) -> str:
    return " ".join(f"{value:5.3g}" if value.dtype.kind == "f" else f"{value:5d}" for value in values)
