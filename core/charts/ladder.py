"""Loss curves of short runs at different learning rates, drawn while they train."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from core.charts.end_labels import End, end_labels
from core.charts.frame import framed, whole_ticks
from core.charts.palette import Palette
from core.charts.runs import SYMBOLS
from core.explain.lessons.slopes import Slope
from core.formatting import loss, rate
from core.text import say

_MARGIN = {"t": 12, "r": 92}
_FEW = 50
_TICKS = (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def ladder_figure(
    curves: Sequence[Slope], *, total: int, best: float | None, colors: Palette, height: int
) -> go.Figure:
    """Loss over updates on a logarithmic axis: one line for each rate with data, labeled at its end.

    The x axis spans 0 to `total` updates from the start; the best rate is drawn bold.
    """
    lines, ends = list[dict[str, Any]](), list[End]()
    for i, curve in enumerate(curves):
        pairs = zip(curve.updates, curve.loss, strict=True)
        points = [(x, y) for x, y in pairs if y > 0 and math.isfinite(y)]
        if not points:
            continue
        color, text = colors.classes[i], rate(curve.rate)
        x, y = map(list, zip(*points, strict=True))
        lines.append(
            {
                "x": x,
                "y": y,
                "name": text,
                "mode": "lines+markers" if len(x) < _FEW else "lines",
                "line": {"color": color, "width": 4 if curve.rate == best else 2},
                "marker": {"symbol": SYMBOLS[i], "size": 7},
                "hovertext": [
                    say("lessons.ladder.hover", rate=text, update=f"{at:,.0f}", loss=loss(value))
                    for at, value in points
                ],
            }
        )
        ends.append(End(x[-1], math.log10(y[-1]), f"<b>{text}</b>" if curve.rate == best else text, color))
    found = [math.log10(value) for line in lines for value in line["y"]] or [-1.0, 0.5]
    limits = min(found) - 0.08, max(found) + 0.08
    return framed(
        lines,
        colors,
        height,
        margin=_MARGIN,
        annotations=end_labels(ends, limits=limits, height=height, margin=_MARGIN, colors=colors),
        xaxis=whole_ticks(total) | {"title": {"text": say("lessons.ladder.updates")}, "range": [0, 1.02 * total]},
        yaxis={
            "title": {"text": say("lessons.ladder.loss")},
            "type": "log",
            "range": list(limits),
            "tickvals": list(_TICKS),
            "ticktext": [f"{tick:,g}" for tick in _TICKS],
        },
    )
