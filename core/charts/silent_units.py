"""The share of silent units in each layer: units that no digit activates."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import Palette
from core.formatting import percent, percent_sign
from core.text import say


def silent_units_figure(
    silent: Mapping[str, tuple[int, int]], *, chosen: str, colors: Palette, height: int
) -> go.Figure:
    """A bar for each layer from (silent units, units), labeled with the count and, but for 0, the share."""
    names = list(silent)
    shares = [100 * few / many for few, many in silent.values()]
    texts = [
        say(
            "weight_charts.silent" if few else "weight_charts.none_silent",
            silent=few,
            units=f"{many:,}",
            share=percent(few / many),
        )
        for few, many in silent.values()
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": shares,
        "y": names,
        "marker": {"color": [colors.training if name == chosen else colors.bar for name in names]},
        "width": 0.55,
    }
    labels = [
        {
            "x": share,
            "y": name,
            "text": text,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 6,
            "font": {"color": colors.text, "size": 12},
        }
        for share, name, text in zip(shares, names, texts, strict=True)
    ]
    # leaves room for the label behind the longest bar
    return framed(
        [bars],
        colors,
        height,
        dragmode=False,
        annotations=labels,
        margin={"l": 76, "r": 8, "t": 6, "b": 30},
        xaxis={"range": [0, max(2.6 * max(shares, default=0.0), 10)], "ticksuffix": percent_sign(), "nticks": 5},
        yaxis={
            "type": "category",
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
            "tickfont": {"color": colors.text},
            "ticklabelstandoff": 4,
        },
    )
