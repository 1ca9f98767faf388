"""A table of a network's layers: their output shapes and parameter counts."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.config.layers import Layer, Shape, layer_table
from core.text import say

_TABLE = "width:100%;border-collapse:collapse;font-size:0.8125rem;line-height:1.25;font-variant-numeric:tabular-nums"
_CELL = "padding:0.25rem 0.25rem 0.25rem 0;border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)"


def show_layers(layers: Sequence[Layer]) -> None:
    """Show each layer with its output shape and parameters, and the total."""
    rows = layer_table(layers)
    head = _row("th", *(say(f"layer_table.{name}") for name in ("layer", "output", "parameters")))
    body = "".join(_row("td", row.layer.name, _shape_text(row.output_shape), _count(row.parameters)) for row in rows)
    total = _row("th", say("layer_table.total"), "", _count(sum(row.parameters for row in rows)))
    # Streamlit's own tables are too wide for this column on a laptop, and twice as high
    st.html(f'<table style="{_TABLE}"><thead>{head}</thead><tbody>{body}</tbody><tfoot>{total}</tfoot></table>')


def _row(tag: str, *cells: str) -> str:
    sides = ("left", "left", "right")
    columns = zip(sides, cells, strict=True)
    return "<tr>" + "".join(
        f'<{tag} style="text-align:{side};{_CELL}">{escape(text)}</{tag}>' for side, text in columns
    )


def _shape_text(shape: Shape) -> str:
    return "×".join(f"{size:,}" for size in shape)


def _count(parameters: int) -> str:
    return f"{parameters:,}" if parameters else "–"
