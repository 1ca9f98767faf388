"""What augmentation does to a digit: each amount by slider, and random copies as in training."""

import math
from functools import partial

import numpy as np
import streamlit as st

from core.array_types import Bytes, Floats
from core.config.augmentation import AUGMENTATIONS
from core.data.datasets import Dataset
from core.explain.distortion import Distortion, distorted, random_bend, random_distortion
from core.formatting import percent_format
from core.text import say
from pages.data.head import chosen_digit
from pages.data.view import DataView
from pages.state.language import key_for_labels
from pages.widgets.digit_pickers import digit_pickers
from pages.widgets.digit_picture import one_digit
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.explanations import explanations
from pages.widgets.random_button import count_press, random_button

# name: lowest, highest and first value, step, format
_SLIDERS: dict[str, tuple[float, float, float, float, str]] = {
    "right": (-6.0, 6.0, 0.0, 0.5, "%.1f px"),
    "down": (-6.0, 6.0, 0.0, 0.5, "%.1f px"),
    "rotation": (-45.0, 45.0, 0.0, 1.0, "%d°"),
    "zoom": (-40.0, 40.0, 0.0, 1.0, "%+d"),
    "shear": (-0.6, 0.6, 0.0, 0.02, "%.2f"),
    "elastic": (0.0, 4.0, 0.0, 0.1, "%.1f px"),
}
_COPIES = 15
_BEND, _DRAWN = "data.bend", "data.drawn"


def augmentation(data: Dataset, view: DataView) -> None:
    """Sliders with the original and the changed digit; below, random copies as in training."""
    index = chosen_digit(view, data)
    image = data.train_images[index].astype(np.float32) / np.float32(255)
    label = int(data.train_labels[index])
    by_hand, at_random = st.columns([7, 6], gap="large")
    with by_hand:
        digit_pickers(data.train_labels, index, data.description.classes)
        _by_hand(image, label)
    with at_random:
        _at_random(image, label)


def _by_hand(image: Floats, label: int) -> None:
    pictures, sliders = st.columns([3, 5], gap="medium")
    with sliders:
        about = {say(f"data_page.amounts.{name}"): say(f"data_page.amounts.{name}_help") for name in _SLIDERS}
        st.markdown(f"**{say('data_page.by_hand')}**", help=explanations(about), width="content")
        columns = st.columns(2)
        chosen = {
            name: columns[place % 2].slider(
                say(f"data_page.amounts.{name}"),
                low,
                high,
                first,
                step,
                format=percent_format(form) if name == "zoom" else form,
                key=f"data.{name}",
            )
            for place, (name, (low, high, first, step, form)) in enumerate(_SLIDERS.items())
        }
        with st.container(horizontal=True):
            st.button(say("data_page.reset"), key="data.reset", type="tertiary", on_click=_reset)
            bend = partial(count_press, _BEND)
            random_button(say("data_page.bend"), "data.bend_button", bend, disabled=not chosen["elastic"])
    size = 1 + chosen["zoom"] / 100
    field = random_bend(1, np.random.default_rng(st.session_state.get(_BEND, 0)))
    by = Distortion(
        down=chosen["down"],
        right=chosen["right"],
        turned=math.radians(chosen["rotation"]),
        taller=size,
        wider=size,
        slant=chosen["shear"],
        bend=field * np.float32(chosen["elastic"]),
    )
    # stacked beside the sliders; side by side on a phone
    with pictures, st.container(horizontal=True):
        for name, shown in (("original", image), ("changed", distorted(image, by))):
            with st.container(width=150, gap="xsmall"):
                st.caption(say(f"data_page.{name}"))
                one_digit(f"data.{name}", _bytes(shown), size=140, alt=say(f"data_page.{name}_alt", label=label))


def _at_random(image: Floats, label: int) -> None:
    st.markdown(f"**{say('data_page.copies')}**", help=say("data_page.copies_help"), width="content")
    with st.container(horizontal=True, vertical_alignment="center"):
        preset = st.segmented_control(
            say("data_page.strength"),
            list(AUGMENTATIONS),
            default="light",
            format_func=lambda name: say(f"data_page.strengths.{name}"),
            required=True,
            label_visibility="collapsed",
            key=key_for_labels("data.strength"),
        )
        random_button(say("data_page.again"), "data.again", partial(count_press, _DRAWN))
    amounts = AUGMENTATIONS[preset or "light"]
    random = np.random.default_rng(st.session_state.get(_DRAWN, 0))
    copies = np.stack(
        [_bytes(distorted(image, random_distortion(amounts, random, image.shape[:2]))) for _ in range(_COPIES)]
    )
    alt = say("data_page.copies_alt", count=_COPIES, label=label)
    digit_sheet("data.copies", copies, [SheetDigit(place) for place in range(_COPIES)], alt=alt, size=84)
    st.caption(
        say(
            "data_page.amounts_are",
            shift=f"{28 * amounts.shift:.1f}",
            rotation=f"{amounts.rotation:g}",
            zoom=f"{100 * amounts.zoom:g}",
            shear=f"{amounts.shear:g}",
            elastic=f"{amounts.elastic:g}",
        )
    )


def _bytes(image: Floats) -> Bytes:
    return np.round(255 * image).clip(0, 255).astype(np.uint8)


def _reset() -> None:
    for name, (_, _, first, _, _) in _SLIDERS.items():
        st.session_state[f"data.{name}"] = first
