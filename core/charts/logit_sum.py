"""A logit split into its largest terms, the sum of the others, and the bias."""

import html

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import Palette
from core.charts.text_width import text_width
from core.explain.softmax import Sum
from core.formatting import minus
from core.text import named, say

_GAP = 4
"""Pixels on both sides of the longest text, which would touch the bars or be cut at the chart's edge."""


def logit_figure(logit: Sum, *, name: str, colors: Palette, height: int) -> go.Figure:
    """Bars from the largest term down to the logit itself, with signed values; blue adds, red subtracts."""
    rows = [
        (
            say("output.unit", unit=term.unit + 1),
            term.product,
            say("output.product", value=f"{term.value:.3f}", weight=minus(f"{term.weight:.3f}")),
        )
        for term in logit.terms
    ]
    if logit.others:
        rows.append((say("output.others", count=f"{logit.others:,}"), logit.rest, ""))
    rows.append((say("output.bias"), logit.bias, ""))
    rows.append((say("output.sum", digit=html.escape(name)), logit.logit, ""))
    values = [value for _, value, _ in rows]
    texts = [
        say("output.line", name=named(row, how) if how else row, value=minus(f"{value:+.3f}"))
        for row, value, how in rows
    ]
    shades = [colors.training if value >= 0 else colors.wrong for value in values[:-1]]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": list(range(len(rows))),
        "marker": {"color": [*shades, colors.text]},
        "hovertext": texts,
    }
    return framed(
        [bars],
        colors,
        height,
        dragmode=False,
        bargap=0.28,
        margin={"l": 2 * _GAP + max(map(text_width, texts)), "r": 4, "t": 2, "b": 4},
        xaxis={"showticklabels": False, "fixedrange": True, "zeroline": True, "zerolinecolor": colors.quiet},
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": texts,
            "tickfont": {"color": colors.text},
            "ticklabelstandoff": _GAP,
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "fixedrange": True,
        },
    )
