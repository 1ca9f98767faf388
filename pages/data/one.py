"""One image as a picture, as numbers, and after each of three preparation steps."""

import numpy as np
import streamlit as st

from core.array_types import Bytes
from core.data.datasets import Dataset
from core.text import say
from pages.data.head import chosen_digit
from pages.data.view import DataView
from pages.state.plain_text import plain_text
from pages.widgets.digit_pickers import digit_pickers
from pages.widgets.digit_picture import one_digit

_LARGEST = 40
"""Pixels a side up to which numbers can be read in them."""


def one(data: Dataset, view: DataView) -> None:
    """The image, and the result of normalizing, flattening and one-hot encoding."""
    index = chosen_digit(view, data)
    image, label = np.array(data.train_images[index]), int(data.train_labels[index])
    name, ink = data.description.classes[label], data.description.is_digits
    right, left = st.columns([7, 8], gap="medium")
    with left:
        numbered = image.ndim == 2 and max(image.shape) <= _LARGEST
        alt = say("data_page.numbers_alt" if numbered else "data_page.digit_alt", index=index, label=name)
        one_digit("data.numbers", image, alt=alt, size=280 if numbered else 480, values=numbered, ink=ink or numbered)
    with right, st.container(gap="xsmall"):
        digit_pickers(data.train_labels, index, data.description.classes)
        picture, facts = st.columns([2, 5], vertical_alignment="center")
        with picture:
            alt = say("data_page.digit_alt", index=index, label=name)
            one_digit("data.picture", image, size=112, alt=alt, ink=ink)
        with facts:
            st.markdown(say("data_page.is", index=f"{index:,}", label=plain_text(name)))
            st.caption(_facts(image, ink=ink))
            with st.popover(say("data_page.as_text"), icon=":material/content_copy:", type="tertiary"):
                st.code(as_text(image), language=None, height=360)
        _steps(image, label, len(data.description.classes), ink=ink)


def as_text(image: Bytes) -> str:
    """A line for each row of pixels, with numbers three wide; in color, three for each pixel."""
    return "\n".join(" ".join(f"{value:3d}" for value in row) for row in image.reshape(len(image), -1).tolist())


def _facts(image: Bytes, *, ink: bool) -> str:
    shape, inked = " × ".join(map(str, image.shape)), int((image > 0).sum())
    if not ink:
        return say("data_page.numbers", shape=shape, count=f"{image.size:,}")
    return say("data_page.inked", shape=shape, count=image.size, inked=inked, share=round(100 * inked / image.size))


def _steps(image: Bytes, label: int, classes: int, *, ink: bool) -> None:
    rows = image.reshape(len(image), -1)
    width = rows.shape[1]
    # seven numbers around the darkest ink, or in the middle
    middle = len(rows) // 2 * width + width // 2
    row, column = (int(place) for place in np.unravel_index(int(rows.argmax()) if ink else middle, rows.shape))
    start = min(max(column - 3, 0), width - 7)
    before = rows[row, start : start + 7]
    one_hot = np.eye(classes, dtype=int)[label]
    steps = {
        "normalize": f"{_line(before)}\n{_line(before / np.float32(255))}",
        "flatten": f"{' × '.join(map(str, image.shape))} = {image.size}   "
        f"[{row}, {column}] = [{row} × {width} + {column}] = [{row * width + column}]",
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
