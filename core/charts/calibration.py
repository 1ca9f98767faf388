"""Reliability diagram and confidence histogram."""

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.charts.frame import LEGEND, framed
from core.charts.palette import Palette, faded
from core.formatting import percent, percent_sign
from core.text import say


def _confidence_axis(title: str) -> dict[str, Any]:
    return {"range": [0, 100], "dtick": 20, "ticksuffix": percent_sign(), "title": {"text": title}}


def reliability_figure(table: pd.DataFrame, *, colors: Palette, height: int) -> go.Figure:
    """Accuracy by confidence in percent, from columns low, high, digits, confidence and accuracy.

    A hatched bar shows the gap between a bin's accuracy and its mean confidence. A bar's customdata is
    [low, high, digits].
    """
    full = table[table["digits"] > 0]
    place = {
        "type": "bar",
        "x": list(50 * (full["low"] + full["high"])),
        "width": list(100 * (full["high"] - full["low"])),
        "customdata": [[row.low, row.high, row.digits] for row in _rows(full)],
        "hovertext": [_bin(row) for row in _rows(full)],
    }
    edge = {"line": {"color": colors.background, "width": 1}}
    hatched = {"shape": "/", "fgcolor": colors.wrong, "bgcolor": faded(colors.wrong, 0.15), "size": 8, "solidity": 0.2}
    return framed(
        [
            place
            | {
                "y": list(100 * full["accuracy"]),
                "name": say("charts.accuracy"),
                "marker": {"color": colors.bar} | edge,
            },
            place
            | {
                "base": list(100 * full["accuracy"]),
                "y": list(100 * (full["confidence"] - full["accuracy"])),
                "name": say("charts.gap"),
                "marker": {"color": faded(colors.wrong, 0.15), "pattern": hatched} | edge,
            },
            {
                "x": [0, 100],
                "y": [0, 100],
                "mode": "lines",
                "line": {"color": colors.text, "width": 1.5, "dash": "dash"},
                "showlegend": False,
            },
            {
                "x": place["x"],
                "y": [0] * len(full),
                "mode": "text",
                "text": [_short(row.digits) for row in _rows(full)],
                "textposition": "top center",
                "textfont": {"color": colors.text, "size": 11},
                "showlegend": False,
            },
        ],
        colors,
        height,
        barmode="overlay",
        margin={"t": 30, "r": 28},
        legend=LEGEND,
        xaxis=_confidence_axis(say("charts.confidence_counted")),
        yaxis={"range": [0, 100], "ticksuffix": percent_sign(), "title": {"text": say("charts.accuracy")}},
    )


def confidence_figure(histogram: pd.DataFrame, *, colors: Palette, height: int) -> go.Figure:
    """Numbers of right and wrong answers by confidence, from columns low, high, right and wrong; log axis.

    A bar's customdata is [low, high, digits].
    """
    looks = {
        "right": {"color": colors.bar},
        "wrong": {
            "color": colors.wrong,
            "pattern": {
                "shape": "/",
                "bgcolor": colors.wrong,
                "fgcolor": colors.background,
                "size": 5,
                "solidity": 0.25,
            },
        },
    }
    bars = [
        {
            "type": "bar",
            "x": list(50 * (histogram["low"] + histogram["high"])),
            "y": list(histogram[answer]),
            "name": say(f"charts.{answer}"),
            "marker": look,
            "customdata": [[row.low, row.high, getattr(row, answer)] for row in _rows(histogram)],
            "hovertext": [
                say(
                    f"charts.{answer}_at", count=f"{getattr(row, answer):,}", low=_whole(row.low), high=_whole(row.high)
                )
                for row in _rows(histogram)
            ],
        }
        for answer, look in looks.items()
    ]
    most = max(10, int(histogram[["right", "wrong"]].to_numpy().max()))
    return framed(
        bars,
        colors,
        height,
        barmode="group",
        bargap=0.15,
        margin={"t": 30, "l": 64, "r": 28},
        legend=LEGEND,
        xaxis=_confidence_axis(say("charts.confidence")),
        yaxis={
            "type": "log",
            # starts below 1 so that a single digit still gets a bar
            "range": [math.log10(0.6), math.log10(1.5 * most)],
            "dtick": 1,
            "tickformat": ",d",
            "title": {"text": say("charts.digits_log")},
        },
    )


def _rows(table: pd.DataFrame) -> Iterable[Any]:
    # as Python numbers, because customdata is read back as JSON
    return table.astype(object).itertuples()


def _bin(row: Any) -> str:
    gap = row.confidence - row.accuracy
    return say(
        "charts.too_sure" if gap > 0 else "charts.too_unsure",
        low=_whole(row.low),
        high=_whole(row.high),
        digits=f"{row.digits:,.0f}",
        accuracy=percent(row.accuracy),
        confidence=percent(row.confidence),
        gap=f"{100 * abs(gap):.2f}",
    )


def _short(count: int) -> str:
    return f"{count / 1000:.1f}k" if count >= 1000 else str(count)


def _whole(share: float) -> str:
    return f"{100 * share:.0f}"
