"""The units of a dense layer: their weights as pictures, their outputs, and one unit's sum in numbers."""

from html import escape

import numpy as np
import streamlit as st

from core.array_types import Indices
from core.config.layer import Shape
from core.config.layers import Dense, LayerRow
from core.explain.activation import activated
from core.explain.flow import image_shape
from core.explain.tiles import rows_as_pictures, shades
from core.explain.tiles import strongest_first as by_size
from core.explain.unit import UnitSum, unit_sum
from core.text import say
from pages.run.inside.head import Inside
from pages.run.inside.layer_story import activation_name
from pages.state.url_state import change
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.pixel_picture import hundredths, pixel_picture

_PER_PAGE = 64
_SHEET = 300
"""The sheet scrolls within this height, so that the opened unit stays visible."""

_TERMS = 5
_SIDE = 112
_TABLE = (
    "width:100%;border-collapse:collapse;font-size:calc(0.8125rem * var(--formula));line-height:1.2;"
    "font-variant-numeric:tabular-nums"
)
_CELL = "padding:0.125rem 0.25rem;border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)"


def layer_units(inside: Inside, row: LayerRow, chosen: int, *, strongest_first: bool) -> None:
    """Each unit's weights as a picture, and the chosen unit's arithmetic."""
    outputs = inside.activations[row.layer.name]
    left, right = st.columns(2, gap="small")
    with left, st.container(height=_SHEET, border=False, gap="small", key="scaled-sheet"):
        _sheet(inside, row, by_size(outputs) if strongest_first else np.arange(len(outputs)), chosen)
    with right, st.container(key="inside-opened"):
        _arithmetic(inside, row, chosen)


def _sheet(inside: Inside, row: LayerRow, order: Indices, chosen: int) -> None:
    outputs, weights = inside.activations[row.layer.name], inside.weights[row.layer.name][0]
    pages = -(-len(outputs) // _PER_PAGE)
    if pages > 1:
        page_of_chosen = int(np.flatnonzero(order == chosen)[0]) // _PER_PAGE + 1
        # a key per layer and page of the chosen unit, so that the pagination starts on that page
        key = f"inside.units.{row.layer.name}.{pages}.{page_of_chosen}"
        page = st.pagination(pages, default=page_of_chosen, max_visible_pages=5, key=key)
        order = order[((page or 1) - 1) * _PER_PAGE :][:_PER_PAGE]
    limit = float(np.quantile(np.abs(weights), 0.99)) or 1.0
    digit_sheet(
        "inside.units",
        shades(rows_as_pictures(weights[:, order].T, image_shape(inside.table, row.layer.name)), limit, signed=True),
        [
            SheetDigit(
                int(unit),
                str(_name(row, int(unit))),
                hundredths(float(outputs[unit])),
                hover=say("inside_layers.unit_hover", number=_name(row, int(unit)), value=f"{outputs[unit]:.3f}"),
            )
            for unit in order
        ],
        chosen=chosen,
        alt=say("inside_layers.units_alt", name=row.layer.name, count=len(order)),
        size=56 if len(outputs) <= 12 else 42,
        opens="inside-opened",
        on_choose=lambda unit: change(layer=row.layer.name, map=unit),
    )


def _arithmetic(inside: Inside, row: LayerRow, chosen: int) -> None:
    weights, *biases = inside.weights[row.layer.name]
    shape = image_shape(inside.table, row.layer.name)
    bias = biases[0] if biases else np.zeros(weights.shape[1], np.float32)
    added = unit_sum(weights, bias, inside.input_of(row.layer.name), chosen)
    pictures, worked = st.columns([2, 5], gap="small")
    with pictures, st.container(horizontal=True, gap="xsmall"):
        for name, values in (("weights", added.weights), ("products", added.products)):
            picture = rows_as_pictures(values[None].astype(np.float32), shape)[0]
            pixel_picture(
                f"inside.unit.{name}",
                picture,
                alt=say(f"inside_layers.{name}_alt", number=_name(row, chosen)),
                title=say(f"inside_layers.{name}"),
                pixel=max(2, _SIDE // len(picture)),
                signed=True,
            )
    with worked:
        st.html(_worked(inside, row, added, shape, chosen))


def _worked(inside: Inside, row: LayerRow, added: UnitSum, shape: Shape, chosen: int) -> str:
    """The sum as a table: the largest terms, the rest, the bias, z and its activation."""
    assert isinstance(row.layer, Dense)
    inputs = "units" if len(shape) == 1 else "pixels" if shape[2] == 1 else "maps"
    head = [say(f"inside_layers.term.{name}") for name in (inputs, "a", "w", "product")]
    lines, shown = [], 0.0
    for place, weight, value in added.largest(_TERMS):
        shown += weight * value
        lines.append([_input_name(place, shape), f"{value:.3f}", _signed(weight), _signed(weight * value)])
    rest = added.not_zero - len(lines)
    if rest > 0:
        more = say("inside_layers.term.rest", count=f"{rest:,}")
        lines.append([more, "", "", _signed(added.z - added.bias - shown)])
    lines.append([say("inside_layers.term.bias"), "", "", _signed(added.bias)])
    sums = [["z\u00a0=\u00a0Σ\u00a0w·a\u00a0+\u00a0b", "", "", _signed(added.z)]]
    if row.layer.activation == "softmax":
        sums.append([say("inside_layers.term.softmax"), "", "", f"{inside.probabilities[chosen]:.4f}"])
    elif row.layer.activation != "linear":
        after = float(activated(np.array(added.z), row.layer.activation))
        sums.append(
            [say("inside_layers.term.after", activation=activation_name(row.layer.activation)), "", "", _signed(after)]
        )
    title = say("inside_layers.unit", number=_name(row, chosen))
    body = "".join([_line(head, "th"), *(_line(line) for line in lines), *(_line(line, "th") for line in sums)])
    caption = f'<caption style="text-align:left;font-weight:600">{escape(title)}</caption>'
    return f'<table style="{_TABLE}">{caption}{body}</table>'


def _line(texts: list[str], tag: str = "td") -> str:
    first, *numbers = texts
    cells = [f'<{tag} style="text-align:left;{_CELL}">{escape(first)}</{tag}>']
    cells += [f'<{tag} style="text-align:right;white-space:nowrap;{_CELL}">{escape(text)}</{tag}>' for text in numbers]
    return f"<tr>{''.join(cells)}</tr>"


def _input_name(place: int, shape: Shape) -> str:
    if len(shape) == 1:
        return say("inside_layers.term.unit", number=place + 1)
    row, column, channel = (int(part) for part in np.unravel_index(place, shape))
    if shape[2] == 1:
        return say("inside_layers.term.pixel", row=row, column=column)
    return say("inside_layers.term.map", number=channel + 1, row=row, column=column)


def _name(row: LayerRow, unit: int) -> int:
    """Units count from 1; those of the output layer are named after their digits."""
    return unit if isinstance(row.layer, Dense) and row.layer.activation == "softmax" else unit + 1


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−") if value else "0"
