"""Coordinates of a line chart in the report, as an SVG of 440 × 270 with the origin at the top left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 440, 270
LEFT, RIGHT, TOP, BOTTOM = 56, 428, 30, 238
COLUMNS = 120
"""Maximum number of epochs with a hover strip."""
_LOGARITHMIC_FROM = 8  # ratio of highest to lowest value from which a linear axis would flatten the curve


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps values from low to high to pixels from start to end."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value, rounded to a tenth."""
        low, high, here = (math.log(v) if self.logarithmic else v for v in (self.low, self.high, value))
        return round(self.start + (here - low) / (high - low) * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Three to eight round values within the axis."""
        if self.logarithmic:
            exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            for steps in ((1, 2, 5), (1, 3), (1,)):
                ticks = [step * 10**exponent for exponent in exponents for step in steps]
                ticks = [tick for tick in ticks if self.low <= tick <= self.high]
                if len(ticks) <= 8:
                    break
            return ticks
        step = _step((self.high - self.low) / 5)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Line:
    """A line with one value per epoch, NaN where missing; `role` is its class in the style sheet."""

    name: str
    role: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Column:
    """An epoch with a hover strip, and the points of the lines at it."""

    epoch: int
    x: float
    left: float
    width: float
    points: list[tuple[str, float]]
    values: list[tuple[str, float]]
    marked: bool


@dataclass(frozen=True, slots=True)
class LineChart:
    """A chart's paths by role, its ticks as (pixel, value), and its columns."""

    paths: list[tuple[str, str]]
    x_ticks: list[tuple[float, int]]
    y_ticks: list[tuple[float, float]]
    columns: list[Column]
    logarithmic: bool


def line_chart(epochs: Sequence[int], lines: Sequence[Line], *, marked: int, share: bool) -> LineChart | None:
    """A chart over epochs with one of them marked; None if there is nothing to draw.

    With `share`, the values are shares of 1; otherwise losses, on a logarithmic axis if they span a wide range.
    """
    drawn = [value for line in lines for value in line.values if math.isfinite(value)]
    if not drawn:
        return None
    x = Axis(min(epochs) - 0.5, max(epochs) + 0.5, LEFT, RIGHT)
    y = _value_axis(min(drawn), max(drawn), share=share)
    return LineChart(
        paths=[(line.role, _path(epochs, line.values, x, y)) for line in lines],
        x_ticks=[(x.at(tick), tick) for tick in _epoch_ticks(epochs)],
        y_ticks=[(y.at(tick), tick) for tick in y.ticks()],
        columns=_columns(epochs, lines, x, y, marked),
        logarithmic=y.logarithmic,
    )


def _value_axis(low: float, high: float, *, share: bool) -> Axis:
    if not share and low > 0 and high / low > _LOGARITHMIC_FROM:
        return Axis(low / 1.15, high * 1.15, BOTTOM, TOP, logarithmic=True)
    room = 0.08 * (high - low or abs(high) or 1)
    return Axis(max(0.0, low - room), min(1.0, high + room) if share and high < 1 else high + room, BOTTOM, TOP)


def _path(epochs: Sequence[int], values: Sequence[float], x: Axis, y: Axis) -> str:
    parts, pen = [], "M"
    for epoch, value in zip(epochs, values, strict=True):
        if not math.isfinite(value):
            pen = "M"
            continue
        parts.append(f"{pen}{x.at(epoch)} {y.at(value)}")
        pen = "L"
    return "".join(parts)


def _columns(epochs: Sequence[int], lines: Sequence[Line], x: Axis, y: Axis, marked: int) -> list[Column]:
    stride = math.ceil(len(epochs) / COLUMNS)
    # always includes the marked epoch and the last one
    chosen = sorted(
        {*range(0, len(epochs), stride), len(epochs) - 1} | {i for i, e in enumerate(epochs) if e == marked}
    )
    edges = [x.start, *(x.at((epochs[a] + epochs[b]) / 2) for a, b in pairwise(chosen)), x.end]
    columns = []
    for place, index in enumerate(chosen):
        found = [(line, line.values[index]) for line in lines if math.isfinite(line.values[index])]
        columns.append(
            Column(
                epoch=epochs[index],
                x=x.at(epochs[index]),
                left=edges[place],
                width=round(edges[place + 1] - edges[place], 1),
                points=[(line.role, y.at(value)) for line, value in found],
                values=[(line.name, value) for line, value in found],
                marked=epochs[index] == marked,
            )
        )
    return columns


def _epoch_ticks(epochs: Sequence[int]) -> list[int]:
    low, high = min(epochs), max(epochs)
    step = max(1, round(_step((high - low + 1) / 7)))
    ticks = [tick for tick in range(step, high + 1, step) if tick >= low]
    return ticks if step == 1 or low > 1 else [1, *ticks]


def _step(least: float) -> float:
    """The next larger of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
