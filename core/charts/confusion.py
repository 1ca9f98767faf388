"""The confusion matrix."""

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.analysis.confusion import row_shares
from core.charts.cells import Cell, cells_figure
from core.charts.palette import Palette
from core.formatting import percent
from core.text import say

FULL_COLOR = 4
"""Count that gets the strongest color, or the highest count if larger, so that a single mistake stays pale."""


def confusion_figure(
    matrix: pd.DataFrame,
    *,
    classes: Sequence[str],
    shares: bool,
    chosen: Cell | None,
    colors: Palette,
    height: int,
    order: Sequence[int] | None = None,
) -> go.Figure:
    """A confusion matrix of counts; with `shares`, text and color show percent of the row.

    Only mistakes are colored. A cell's customdata is [label, predicted, images]. `order` is that of rows and columns.
    """
    counts = matrix.to_numpy()
    rows = counts.sum(axis=1)
    share = row_shares(matrix).to_numpy()
    values = share if shares else counts
    mistakes = values[~np.eye(len(values), dtype=bool)]
    floor = FULL_COLOR / max(1, rows.max()) if shares else FULL_COLOR

    names = [html.escape(name) for name in classes]

    def text(cell: Cell) -> str:
        if not counts[cell]:
            return ""
        # a cell has no room for the percent sign or the decimals of 100
        return f"{100 * share[cell]:.1f}".replace("100.0", "100") if shares else str(counts[cell])

    def hover(cell: Cell) -> str:
        true, read = names[cell[0]], names[cell[1]]
        count, total = f"{counts[cell]:,}", f"{rows[cell[0]]:,}"
        if cell[0] == cell[1]:
            return say("charts.cell.right", true=true, count=count, total=total, share=percent(share[cell]))
        if shares:
            return say("charts.cell.share", true=true, read=read, count=count, total=total, share=percent(share[cell]))
        return say(f"charts.cell.{_number(int(counts[cell]))}", true=true, read=read, count=count)

    return cells_figure(
        values,
        classes=classes,
        order=order,
        scale=colors.errors,
        limits=(0, max(float(mistakes.max()), floor)),
        text=text,
        hover=hover,
        hover_small=say("charts.cell.each", true="%{y}", read="%{x}", value="%{z:.1%}" if shares else "%{z:,}"),
        customdata=lambda cell: [*cell, int(counts[cell])],
        chosen=chosen,
        colors=colors,
        height=height,
    )


def _number(count: int) -> str:
    return "one" if count == 1 else "many"
