"""A page with 48 digits to choose from and, with ?large, one of them as pixels and as numbers."""

import numpy as np
import streamlit as st

from pages.widgets.digit_picture import one_digit
from pages.widgets.digit_sheet import SheetDigit, digit_sheet

COUNT = 48
FIRST = 1000  # so that an index differs from its position


def drawn(count: int) -> np.ndarray:
    """Rings and bars of many sizes."""
    y, x = np.mgrid[-13.5:14, -13.5:14]
    images = []
    for i in range(count):
        distance = np.hypot(x * (1 + i % 3 / 2), y) - 6 - i % 4
        images.append(255 * np.clip(2 - abs(distance), 0, 1))
    return np.array(images).astype(np.uint8)


@st.cache_data
def digits(page: int) -> tuple[np.ndarray, list[SheetDigit]]:
    images = drawn(COUNT)
    sheet = []
    for i in range(COUNT):
        true, read = i % 10, (i * 7 + 3) % 10 if i % 3 else i % 10
        caption = f"{true} → {read}" if true != read else str(true)
        if i == 7:
            caption = "<img src=x onerror=alert(1)>"
        index = FIRST + COUNT * page + i
        sheet.append(SheetDigit(index, caption, f"{99.9 - i} %", true != read, f"Digit {index}"))
    return images, sheet


def choose(index: int) -> None:
    st.session_state.chosen = index
    st.session_state.calls.append(index)


st.set_page_config(layout="wide")
state = st.session_state
state.setdefault("chosen", None)
state.setdefault("calls", [])
state.setdefault("page", 0)
state.setdefault("runs", 0)
state.runs += 1
if st.button("Next page"):
    state.page += 1
images, sheet = digits(state.page)
few = 5 if "few" in st.query_params else COUNT
digit_sheet(
    "sheet",
    images[:few],
    sheet[:few],
    chosen=state.chosen,
    alt="Misclassified digits",
    on_choose=None if "fixed" in st.query_params else choose,
)
st.write(f"calls {state.calls} runs {state.runs}")
if st.query_params.get("large"):
    left, right = st.columns([1, 2])
    with left:
        one_digit("large", images[3], alt="The digit")
    with right:
        one_digit("numbers", images[3], alt="Its numbers", values=True)
