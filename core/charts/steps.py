"""The loss of each of the first batches before and after its update."""

import plotly.graph_objects as go

from core.charts.frame import LEGEND, framed
from core.charts.palette import Palette
from core.formatting import loss
from core.runs.first_updates import Steps
from core.text import say


def steps_figure(steps: Steps, *, chosen: int, colors: Palette, height: int) -> go.Figure:
    """An arrow for each update, from its batch's loss before to the loss after; the chosen one (from 0) is bold."""
    numbers = list(range(1, len(steps) + 1))
    arrows = [
        {
            "x": number,
            "y": float(steps.after[number - 1]),
            "ax": number,
            "ay": float(steps.before[number - 1]),
            "xref": "x",
            "yref": "y",
            "axref": "x",
            "ayref": "y",
            "showarrow": True,
            "arrowhead": 2,
            "arrowsize": 0.8,
            "standoff": 5,
            "arrowwidth": 2.5 if number - 1 == chosen else 1.5,
            "arrowcolor": colors.training if number - 1 == chosen else colors.quiet,
            "text": "",
        }
        for number in numbers
    ]
    marks = [
        {
            "x": numbers,
            "y": values,
            "mode": "markers",
            "marker": {"symbol": symbol, "size": 9, "color": colors.training},
            "name": say(f"lessons.step.{name}"),
            "hovertext": [
                say(f"lessons.step.{name}_hover", number=number, loss=loss(float(value)))
                for number, value in zip(numbers, values, strict=True)
            ],
        }
        for name, values, symbol in (("before", steps.before, "circle-open"), ("after", steps.after, "circle"))
    ]
    return framed(
        marks,
        colors,
        height,
        margin={"l": 48, "t": 30, "b": 42},
        annotations=arrows,
        legend=LEGEND | {"y": 1.02},
        xaxis={"title": {"text": say("lessons.step.update")}, "dtick": 1, "range": [0.5, len(steps) + 0.5]},
        yaxis={"title": {"text": say("lessons.step.loss")}},
    )
