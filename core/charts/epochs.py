"""Recall of each class, epoch by epoch."""

import html
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.charts.end_labels import End, end_labels
from core.charts.frame import framed, vertical, whole_ticks
from core.charts.palette import Palette, class_colors
from core.formatting import percent, percent_sign
from core.text import say, shortened

MARGINS = {"t": 26, "r": 50}
MOST_LINES = 10
_LONGEST = 16
"""Letters of a name at the end of its line."""


def recall_figure(
    table: pd.DataFrame, *, classes: Sequence[str], chosen_epoch: int | None, colors: Palette, height: int
) -> go.Figure:
    """One line for each class, in percent, from a table of recalls with epochs as index.

    Of more than MOST_LINES classes, those with the lowest recall at the last epoch.

    The axis fits the epochs after 0, because an untrained network's recalls would flatten the rest.
    """
    if len(table.columns) > MOST_LINES:
        table = table[table.iloc[-1].nsmallest(MOST_LINES).index.sort_values()]
    trained = table[table.index > 0]
    shades = class_colors(colors, len(table.columns))
    names = [html.escape(shortened(classes[int(label)], _LONGEST)) for label in table.columns]
    margin = MARGINS | {"r": max(MARGINS["r"], round(24 + 7 * max(map(len, names))))}
    lowest = 100 * float((trained if len(trained) else table).to_numpy().min())
    room = max(0.04 * (100 - lowest), 0.05)
    limits = (lowest - room, 100 + room)
    epochs = [int(epoch) for epoch in table.index]
    lines = [
        {
            "x": epochs,
            "y": [100 * value for value in table[digit]],
            "name": names[i],
            "mode": "lines" if len(epochs) > 1 else "markers",
            "line": {"color": shades[i], "width": 2},
            "hovertext": [percent(value) for value in table[digit]],
            "hoverinfo": "text+name",
        }
        for i, digit in enumerate(table.columns)
    ]
    ends = [
        End(epochs[-1], 100 * float(table[digit].iloc[-1]), f"<b>{names[i]}</b>", shades[i])
        for i, digit in enumerate(table.columns)
    ]
    labels = end_labels(ends, limits=limits, height=height, margin=margin, colors=colors, ceiling=100)
    mark = []
    if chosen_epoch is not None:
        mark = [vertical(chosen_epoch, colors.text, 1.5) | {"layer": "below"}]
        name = {"x": chosen_epoch, "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
        labels.append(name | {"text": say("charts.epoch_is", epoch=chosen_epoch), "font": {"color": colors.quiet}})
    return framed(
        lines,
        colors,
        height,
        margin=margin,
        hovermode="x unified",
        shapes=mark,
        annotations=labels,
        xaxis=whole_ticks(epochs[-1])
        | {
            "title": {"text": say("charts.epoch")},
            "range": [epochs[0], epochs[-1]] if len(epochs) > 1 else None,
            "spikecolor": colors.quiet,
            "spikethickness": 1,
            "spikedash": "solid",
            "unifiedhovertitle": {"text": say("charts.epoch_is", epoch="%{x}")},
        },
        yaxis={"title": {"text": say("charts.recall")}, "range": list(limits), "ticksuffix": percent_sign()},
    )
