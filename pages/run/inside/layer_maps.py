"""A layer's maps of the digit beside their filters, and one of them enlarged."""

from functools import partial

import numpy as np
import streamlit as st

from core.array_types import Floats
from core.config.convolutions import Conv2D
from core.config.layers import BatchNormalization, LayerRow
from core.explain.tiles import channel_tiles, shades, squares, strength
from core.explain.tiles import strongest_first as by_size
from core.text import say
from pages.run.inside.head import Inside
from pages.state.url_state import change
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.pixel_picture import number_table, pixel_picture

_LARGE = 168
_SHEET = 300
"""The sheet scrolls within this height, so that the opened map stays visible."""

_READABLE = 10
"""The largest side of a map that is drawn with its numbers."""


def layer_maps(inside: Inside, row: LayerRow, chosen: int, *, strongest_first: bool) -> None:
    """Maps (h, w, n), in a convolution each beside its filter; the chosen one enlarged."""
    maps, name = inside.activations[row.layer.name], row.layer.name
    strengths = strength(maps)
    by_strength = by_size(strengths)
    left, right = st.columns([11, 9], gap="small")
    with left, st.container(height=_SHEET, border=False, key="scaled-sheet"):
        _sheet(inside, row, by_strength if strongest_first else np.arange(len(strengths)), chosen, strengths)
    with right, st.container(key="inside-opened", gap="xsmall"):
        one, limit = maps[..., chosen], float(np.abs(maps).max())
        alt = say("inside_layers.map_alt", name=name, number=chosen + 1)
        with st.container(horizontal=True, gap="medium"):
            _filter(inside, row, chosen)
            square, title = squares(one[None])[0], say("inside_layers.map", number=chosen + 1)
            if len(square) <= _READABLE:
                number_table("inside.map", square, alt=alt, title=title, limit=limit, pixel=28)
            else:
                pixel_picture("inside.map", square, alt=alt, title=title, limit=limit, pixel=_LARGE // len(square))
        with st.container(horizontal=True, vertical_alignment="center"):
            if isinstance(row.layer, Conv2D):
                kernel = {"layer": name, "map": chosen, "kernel": "learned", "padding": "own"}
                st.button(
                    say("inside_layers.one_pixel"),
                    key="inside.one_pixel",
                    icon=":material/calculate:",
                    on_click=partial(change, part="convolution", **kernel, row=None, column=None),
                )
            text = say("inside_layers.numbers")
            if len(one) > _READABLE and st.button(text, key="inside.numbers", icon=":material/pin:"):
                # a laptop has no room for them on the page
                show = st.dialog(alt, width="large")(number_table)
                show("inside.map_numbers", one, alt=alt, pixel=40, limit=limit)
        st.caption(
            say(
                "inside_layers.map_is",
                count=maps.shape[-1],
                place=int(np.flatnonzero(by_strength == chosen)[0]) + 1,
                mean=f"{float(one.mean()):.3f}",
                largest=f"{float(one.max()):.3f}",
            )
        )


def _sheet(inside: Inside, row: LayerRow, order: np.ndarray, chosen: int, strengths: Floats) -> None:
    maps, name = inside.activations[row.layer.name], row.layer.name
    filters = _filters(inside, row)
    digit_sheet(
        "inside.maps",
        shades(squares(np.moveaxis(maps, 2, 0))[order]),
        [
            SheetDigit(
                int(number),
                str(number + 1),
                hover=say("inside_layers.map_hover", number=number + 1, mean=f"{strengths[number]:.3f}"),
            )
            for number in order
        ],
        chosen=chosen,
        alt=say("inside_layers.maps_alt", name=name, count=len(order)),
        size=40,
        beside=None if filters is None else shades(filters[order], _limit(filters), signed=True),
        beside_size=20,
        opens="inside-opened",
        on_choose=lambda number: change(layer=name, map=number),
    )


def _filter(inside: Inside, row: LayerRow, chosen: int) -> None:
    filters = _filters(inside, row)
    if filters is not None:
        side = len(filters[chosen])
        pixel_picture(
            "inside.filter",
            filters[chosen],
            alt=say("inside_layers.filter_alt", name=row.layer.name, number=chosen + 1),
            title=say("inside_layers.filter", number=chosen + 1),
            pixel=max(2, (_LARGE if side > _READABLE else 2 * _LARGE // 3) // side),
            limit=_limit(filters),
            signed=True,
        )
    elif isinstance(row.layer, BatchNormalization):
        names = ("scale", "shift", "mean", "variance")
        values = zip(names, inside.weights[row.layer.name], strict=True)
        shown = {name: f"{float(weights[chosen]):.3f}" for name, weights in values}
        st.caption(say("inside_layers.normalized", number=chosen + 1, **shown))


def _filters(inside: Inside, row: LayerRow) -> Floats | None:
    """A convolution's filters (filters, side, side), the channels of each side by side; None of other layers."""
    if not isinstance(row.layer, Conv2D):
        return None
    return channel_tiles(np.moveaxis(inside.weights[row.layer.name][0], 3, 0))


def _limit(filters: Floats) -> float:
    """The 99th percentile as full intensity: a single large weight would leave the others pale."""
    nonzero = np.abs(filters[filters != 0])
    return float(np.quantile(nonzero, 0.99)) if len(nonzero) else 1.0
