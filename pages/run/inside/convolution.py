"""A convolution of the digit: one output pixel in numbers, and the whole result."""

from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.array_types import Floats
from core.explain.activation import activated
from core.explain.convolution import OutputPixel, convolved, output_pixel, padded
from core.explain.tiles import squares, strongest_first
from core.text import say, sentences
from pages.run.inside.convolution_choice import Convolution, chosen_convolution
from pages.run.inside.head import Inside
from pages.run.inside.layer_story import activation_name
from pages.run.inside.view import InsideView
from pages.state.language import key_for_labels
from pages.state.url_state import bound, change
from pages.widgets.pixel_picture import hundredths, number_table, pixel_picture

_PICTURE = 196
_WORKED = 608
_NOTE = 234
_NUMBER_INPUT = 96
_ACROSS = 6
_NUMBER = 34
_NARROW = 28
"""The width of a number in a large kernel."""


def convolution(inside: Inside, view: InsideView) -> None:
    """The kernel on the digit, the output pixel at its position in numbers, and the whole output."""
    with st.container(gap="xsmall"):
        picking = st.container(horizontal=True, gap="small")
        with st.container(horizontal=True, gap="small"):
            worked = st.container(gap="xsmall", width=_WORKED, key="scaled-worked")
            note = st.container(width=_NOTE, gap="xsmall", key="scaled-note")
        chosen = chosen_convolution(inside, view, picking, note)
        z = convolved(chosen.image, chosen.kernel, chosen.bias, chosen.window)
        after = activated(z, chosen.activation).astype(np.float32)
        with picking:
            row, column = _position(view, after, note)
        pixel = output_pixel(chosen.image, chosen.kernel, chosen.bias, chosen.window, row, column)
        with note:
            channel = _channel(pixel)
            _sum(chosen, pixel, row, column, channel)
        with worked:
            with st.container(horizontal=True, gap="small"):
                _pictures(chosen, z, after, row, column)
            _products(chosen, pixel, channel or 0)


def _position(view: InsideView, after: Floats, note: DeltaGenerator) -> tuple[int, int]:
    """The kernel's position: the chosen one or the nearest to it; by default the strongest output."""
    rows, columns = after.shape
    row, column = (int(place) for place in np.unravel_index(int(after.argmax()), after.shape))
    if view.row is not None or view.column is not None:
        wanted = (view.row or 0, view.column or 0)
        row, column = min(wanted[0], rows - 1), min(wanted[1], columns - 1)
        if (row, column) != wanted:
            note.warning(say("inside_convolution.outside", row=wanted[0], column=wanted[1], rows=rows, columns=columns))
    for name, place, count in (("row", row, rows), ("column", column, columns)):
        st.number_input(
            say(f"inside_convolution.{name}"),
            0,
            count - 1,
            width=_NUMBER_INPUT,
            **bound(name, place, options=(count,), also={"row": row, "column": column}),
        )
    return row, column


def _pictures(chosen: Convolution, z: Floats, after: Floats, row: int, column: int) -> None:
    """The input, and the output before and after the activation."""
    window = chosen.window
    ground = padded(chosen.image, window)
    seen = ground[..., 0] if ground.shape[-1] == 1 else ground.mean(axis=-1)
    (down, right), (rows, columns) = window.strides, z.shape
    margins = {before for before, _ in window.margins(chosen.image.shape[:2])}

    def choose(row: int, column: int) -> None:
        # a picture of maps that are not square has room for places that do not exist
        change(row=min(row, rows - 1), column=min(column, columns - 1))

    picture = partial(pixel_picture, pixel=max(2, _PICTURE // max(seen.shape)))
    picture(
        "inside.ground",
        squares(seen[None])[0],
        alt=say("inside_convolution.ground_alt", row=row, column=column),
        title=say("inside_convolution.digit" if chosen.image.shape[-1] == 1 else "inside_convolution.maps"),
        at=(row * down, column * right),
        span=window.span,
        stride=window.strides,
        margin=margins.pop() if len(margins) == 1 and seen.shape[0] == seen.shape[1] else 0,
        on_choose=lambda row, column: choose(row // down, column // right),
    )
    texts = {"activation": activation_name(chosen.activation), "size": f"{z.shape[0]}×{z.shape[1]}"}
    steps = {"before": z} if chosen.activation == "linear" else {"before": z, "after": after}
    for name, values in steps.items():
        picture(
            "inside.result" if name == "before" else "inside.after",
            squares(values[None])[0],
            alt=say(f"inside_convolution.{name}_alt", **texts),
            title=say(f"inside_convolution.{name}", **texts),
            signed=name == "before" or None,
            at=(row, column),
            on_choose=choose,
        )


def _channel(pixel: OutputPixel) -> int | None:
    """The channel shown in numbers, by default the one that adds most to the sum; None if there is only one."""
    channels, sums = pixel.kernel.shape[-1], pixel.channel_sums
    if channels == 1:
        return None
    order: list[int] = strongest_first(np.abs(sums).astype(np.float32)).tolist()
    return st.selectbox(
        say("inside_convolution.channel"),
        order,
        format_func=lambda place: say(
            "inside_convolution.channel_is", number=place + 1, count=channels, sum=hundredths(float(sums[place]))
        ),
        key=key_for_labels(f"inside.channel.{channels}"),
        help=say("inside_convolution.channel_help"),
    )


def _products(chosen: Convolution, pixel: OutputPixel, channel: int) -> None:
    """Patch × kernel = products in numbers, of one channel."""
    wide = _NUMBER if pixel.kernel.shape[1] <= 5 else _NARROW
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        parts = {"patch": pixel.patch, "kernel": pixel.kernel, "products": pixel.products}
        for (name, values), sign in zip(parts.items(), ("×", "=", ""), strict=True):
            number_table(
                f"inside.{name}",
                values[..., channel],
                alt=say(f"inside_convolution.{name}_alt"),
                title=say(f"inside_convolution.{name}"),
                pixel=wide,
                limit=max(1.0, float(chosen.image.max())) if name == "patch" else float(np.abs(values).max()),
                signed=name != "patch" or None,
            )
            if sign:
                st.markdown(f"**{sign}**", width="content")


def _sum(chosen: Convolution, pixel: OutputPixel, row: int, column: int, channel: int | None) -> None:
    total = float(pixel.products.sum())
    sentence = "sum_of_channels" if channel is not None else "sum" if chosen.layer else "sum_alone"
    told = [
        say(
            f"inside_convolution.{sentence}",
            count=pixel.products.size,
            channels=pixel.kernel.shape[-1],
            total=_exact(total),
            bias=_exact(chosen.bias),
            z=_exact(pixel.value),
        )
    ]
    if chosen.activation != "linear":
        value = float(activated(np.array(pixel.value), chosen.activation))
        told.append(say("inside_convolution.then", activation=activation_name(chosen.activation), value=_exact(value)))
    if chosen.learned_as is not None:
        told.append(say("inside_convolution.network_has", value=_exact(float(chosen.learned_as[row, column]))))
    st.markdown(sentences(told))
    if channel is not None:
        _channel_sums(pixel, channel)
    if chosen.activation == "linear":
        st.caption(say("inside_convolution.linear"))
    elif chosen.layer is not None and chosen.window.padding != chosen.layer.padding:
        st.caption(say("inside_convolution.padding_own", name=chosen.layer.name, padding=chosen.layer.padding))


def _channel_sums(pixel: OutputPixel, channel: int) -> None:
    """Each channel's share of the sum, in rows."""
    sums = pixel.channel_sums
    across = min(_ACROSS, len(sums))
    lines = np.zeros((-(-len(sums) // across), across))
    lines.flat[: len(sums)] = sums
    number_table(
        "inside.channel_sums",
        lines,
        alt=say("inside_convolution.sums_alt"),
        title=say("inside_convolution.sums"),
        pixel=_NUMBER,
        signed=True,
        at=(channel // across, channel % across),
    )


def _exact(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")
