"""The network from left to right, with each layer's output for the digit."""

import numpy as np
import streamlit as st

from core.array_types import Floats
from core.config.layers import Dense, LayerRow
from core.explain.flow import first_learning, image_shape
from core.explain.tiles import rows_as_pictures, shades, squares, strength
from core.text import say
from pages.run.inside.head import Inside
from pages.run.inside.layer_maps import layer_maps
from pages.run.inside.layer_story import layer_story, nearest_map, shape_text
from pages.run.inside.layer_units import layer_units
from pages.run.inside.view import InsideView
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.url_state import change
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.pixel_picture import pixel_picture
from pages.widgets.switch import switch

_SIDE = 56
"""The side of a layer's thumbnail in image pixels: a multiple of MNIST's 28 and its halves."""


def layers(inside: Inside, view: InsideView) -> None:
    """Each layer with its output, shape and parameters; the chosen one with all its weights and outputs."""
    row = _chosen(inside, view)
    _row_of_layers(inside, row)
    if not _numbered(row):
        layer_story(row)
        _values(inside, row)
        return
    story, order = st.columns([13, 4], gap="small", vertical_alignment="center")
    with story:
        layer_story(row)
    with order:
        orders = ["strength", "number"]
        switch("order", view.order, orders, say("inside_layers.order"), lambda by: say(f"inside_layers.orders.{by}"))
    chosen = _strongest(inside, row) if not view.layer and not view.map else nearest_map(view.map, row.output_shape[-1])
    part = layer_maps if len(row.output_shape) == 3 else layer_units
    part(inside, row, chosen, strongest_first=view.order == "strength")


def _chosen(inside: Inside, view: InsideView) -> LayerRow:
    by_name = {row.layer.name: row for row in inside.table}
    first = first_learning(inside.table)
    if view.layer and view.layer not in by_name:
        wanted = plain_text(view.layer, longest=40)
        link_problem(say("inside_layers.no_layer", wanted=wanted, layer=first.layer.name))
    return by_name.get(view.layer, first)


def _row_of_layers(inside: Inside, chosen: LayerRow) -> None:
    names = [row.layer.name for row in inside.table]
    # each layer's strongest map, each at full intensity: layers share no scale
    pictures = np.stack([_thumbnail(inside, row) for row in inside.table])
    with st.container(gap=None):
        st.caption(say("inside_layers.row_head"))
        digit_sheet(
            "inside.layers",
            shades(pictures, 1.0, signed=False),
            [_label(place, row) for place, row in enumerate(inside.table)],
            chosen=names.index(chosen.layer.name),
            alt=say("inside_layers.row_alt"),
            size=48,
            arrows=True,
            on_choose=lambda place: change(layer=names[place], map=_strongest(inside, inside.table[place])),
        )


def _numbered(row: LayerRow) -> bool:
    return len(row.output_shape) == 3 or isinstance(row.layer, Dense)


def _strongest(inside: Inside, row: LayerRow) -> int:
    """The map or unit with the largest output."""
    output = inside.activations[row.layer.name]
    if not _numbered(row):
        return 0
    return int((strength(output) if output.ndim == 3 else output).argmax())


def _thumbnail(inside: Inside, row: LayerRow) -> Floats:
    output = inside.activations[row.layer.name]
    picture = squares(output[None, ..., _strongest(inside, row)])[0] if output.ndim == 3 else _picture_of(inside, row)
    bright: Floats = np.clip(picture, 0, None) if picture.max() > 0 else np.abs(picture)
    steps = np.arange(_SIDE) * len(picture) // _SIDE
    return bright[np.ix_(steps, steps)] / np.float32(max(float(bright.max()), 1e-12))


def _picture_of(inside: Inside, row: LayerRow) -> Floats:
    """A layer's values (n,) as one square picture, in image order if they come from an image."""
    values, shape = inside.activations[row.layer.name], row.output_shape
    if not isinstance(row.layer, Dense):
        before = image_shape(inside.table, row.layer.name)
        shape = before if np.prod(before) == shape[0] else shape
    picture: Floats = rows_as_pictures(values[None], shape)[0]
    return picture


def _label(place: int, row: LayerRow) -> SheetDigit:
    shape = shape_text(row.output_shape)
    parameters = f"{row.parameters:,}" if row.parameters else "–"
    hover = say("inside_layers.layer", name=row.layer.name, shape=shape, parameters=f"{row.parameters:,}")
    return SheetDigit(place, row.layer.name, f"{shape}\n{parameters}", hover=hover)


def _values(inside: Inside, row: LayerRow) -> None:
    """All values of a layer without maps or weights."""
    values = inside.activations[row.layer.name]
    left, right = st.columns([3, 5], gap="medium")
    with left:
        picture = _picture_of(inside, row)
        pixel_picture(
            "inside.values",
            picture,
            alt=say("inside_layers.values_alt", name=row.layer.name, count=f"{len(values):,}"),
            pixel=max(2, 240 // len(picture)),
        )
    with right:
        nonzero = f"{np.count_nonzero(values):,}"
        largest = f"{float(values.max()):.3f}"
        st.caption(say("inside_layers.values", count=f"{len(values):,}", lively=nonzero, largest=largest))
