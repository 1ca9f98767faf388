"""The difference of two confusion matrices: which mistakes appeared and which disappeared."""

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.cells import Cell, cells_figure
from core.charts.palette import Palette
from core.text import say

FULL_COLOR = 4
"""Difference that gets the strongest color, or the largest difference if larger."""


def difference_figure(
    difference: pd.DataFrame,
    *,
    classes: Sequence[str],
    colors: Palette,
    height: int,
    chosen: Cell | None = None,
) -> go.Figure:
    """B's confusion matrix minus A's; a cell's customdata is [true, predicted, difference]."""
    values = difference.to_numpy()
    most = max(FULL_COLOR, int(np.abs(values[~np.eye(len(values), dtype=bool)]).max()))

    def hover(cell: Cell) -> str:
        true, read = cell
        change = "same" if values[cell] == 0 else "more" if values[cell] > 0 else "fewer"
        what = "right" if true == read else "wrong"
        names = html.escape(classes[true]), html.escape(classes[read])
        return say(f"charts.difference.{what}_{change}", true=names[0], read=names[1], count=f"{abs(values[cell]):,}")

    return cells_figure(
        values,
        classes=classes,
        scale=colors.difference,
        limits=(-most, most),
        text=lambda cell: f"{values[cell]:+}".replace("-", "−") if values[cell] else "",
        hover=hover,
        hover_small=say("charts.difference.each", true="%{y}", read="%{x}", value="%{z:+,}"),
        customdata=lambda cell: [*cell, int(values[cell])],
        chosen=chosen,
        colors=colors,
        height=height,
    )
