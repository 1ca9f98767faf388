"""How answers change as a digit is shifted, rotated, thickened or made noisy: one line for each run."""

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from core.array_types import Bytes
from core.charts.frame import framed, vertical
from core.charts.palette import Palette
from core.data.sprite import image_uris
from core.formatting import percent_sign
from core.text import say

LOOKS = (
    ("training", "solid", "circle"),
    ("validation", "dash", "square"),
    ("test", "dot", "diamond"),
    ("quiet", "dashdot", "x"),
)
MOST_LINES = len(LOOKS)


def robustness_figure(
    lines: Sequence[tuple[str, Sequence[float]]],
    amounts: Sequence[float],
    *,
    x_title: str,
    y_title: str,
    pictures: Bytes | None,
    ink: bool = True,
    colors: Palette,
    height: int,
) -> go.Figure:
    """Shares (0 to 1) over amounts for at most MOST_LINES runs, given as name and shares.

    Pictures uint8 (amounts, h, w), or with channels, go above; of `ink`, bright pixels are ink.
    """
    step = amounts[1] - amounts[0]
    traces = []
    for (name, shares), (role, dash, symbol) in zip(lines, LOOKS, strict=False):
        traces.append(
            {
                "x": list(amounts),
                "y": [100 * share for share in shares],
                # Plotly would interpret HTML tags in a name
                "name": html.escape(name, quote=False),
                "mode": "lines+markers",
                "line": {"color": getattr(colors, role), "width": 2.5, "dash": dash},
                "marker": {"size": 7, "symbol": symbol},
                "hovertemplate": say("robustness.hover", name="%{fullData.name}"),
            }
        )
    return framed(
        traces,
        colors,
        height,
        dragmode=False,
        legend={"orientation": "h", "x": 0, "y": -0.3, "yanchor": "top", "font": {"size": 12}},
        margin={"l": 52, "r": 8, "t": 44, "b": 70},
        images=[] if pictures is None else _pictures(pictures, amounts, step, ink, colors),
        shapes=[vertical(0, colors.quiet) | {"layer": "below"}],
        xaxis={
            "title": {"text": x_title},
            "tickvals": list(amounts),
            "ticktext": [signed(amount, both=min(amounts) < 0) for amount in amounts],
            "range": [min(amounts) - 0.55 * step, max(amounts) + 0.55 * step],
            "fixedrange": True,
        },
        yaxis={"title": {"text": y_title}, "range": [-3, 103], "ticksuffix": percent_sign(), "fixedrange": True},
    )


def signed(amount: float, *, both: bool = True) -> str:
    """A number with a proper minus sign, and with a plus sign if amounts of both signs occur."""
    sign = "−" if amount < 0 else "+" if amount > 0 and both else ""
    return f"{sign}{abs(amount):g}"


def _pictures(
    pictures: Bytes, amounts: Sequence[float], step: float, ink: bool, colors: Palette
) -> list[dict[str, Any]]:
    return [
        {
            "source": uri,
            "x": amount,
            "y": 1.02,
            "xref": "x",
            "yref": "paper",
            "xanchor": "center",
            "yanchor": "bottom",
            "sizex": 0.92 * step,
            "sizey": 0.5,
            "sizing": "contain",
        }
        for uri, amount in zip(image_uris(pictures, ink=ink, dark=colors.dark), amounts, strict=True)
    ]
