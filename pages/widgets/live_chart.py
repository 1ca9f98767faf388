"""A Plotly chart that keeps zoom, hover and hidden lines while new points arrive."""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st

from core.charts.trace import Trace
from core.formatting import percent_sign
from core.text import say
from pages.widgets.browser_script import loader

_HEIGHT = "--live-chart-height"
_mount = st.components.v2.component(
    "live_chart",
    # as a style: the chart's own style sheet arrives with its script
    html=f'<div class="live-chart" style="height:var({_HEIGHT})"></div>',
    js=loader("live_chart"),
    isolate_styles=False,  # Plotly puts its own styles in the document's head
)


_KEY = "live_chart_"
_KEPT = 3
"""Messages to remember, of which all but the oldest may be lost: a busy server drops an unsent message for the next."""


def live_chart_room(height: str) -> None:
    """Give the charts below on the page this height (CSS), as a gray area until their scripts have arrived.

    Draw it outside the fragment that draws the charts, because it is needed before the first of them.
    """
    area = "border-radius:0.5rem;background:color-mix(in srgb,currentColor 6%,transparent)"
    with st.container(key="style.live_chart"):
        st.html(f"<style>[class*=st-key-{_KEY}]{{{_HEIGHT}:{height};min-height:var({_HEIGHT});{area}}}</style>")


class _Sent(NamedTuple):
    """The browser's state of one trace: the number of points, and the last of them."""

    generation: int
    points: int
    last: tuple[float | None, float | None] | None


@dataclass
class _Conversation:
    """The state that the last few messages left in one chart of one run, oldest first."""

    run: str
    sent: deque[dict[str, _Sent]] = field(default_factory=lambda: deque(maxlen=_KEPT))


def live_chart(
    key: str,
    run: str,
    traces: Sequence[Trace],
    *,
    x_title: str,
    y_title: str,
    alt: str,
    y_format: str = "",
    log_y: bool = False,
    smoothing: int = 1,
    x_end: float | None = None,
) -> None:
    """Draw traces over epochs, sending only the points that the browser may not have yet.

    `key` stays the same from run to run; a new `run` resets the zoom. `y_format` is a d3 format for the values: one
    that ends in % shows fractions as percentages, and the default shows 4 significant digits. With `smoothing`, lines
    are the exponential moving average over about that many points, and the measured values are faint behind. `x_end` is
    the last epoch on the axis from the start. `live_chart_room` sets the height. Raises ValueError if two traces have
    the same name.
    """
    slot = f"_{key}_sent"
    conversation = st.session_state.get(slot)
    if conversation is None or conversation.run != run:
        conversation = st.session_state[slot] = _Conversation(run)
    names = [trace.name for trace in traces]
    if len(set(names)) < len(names):
        raise ValueError(f"Two lines of chart {key} have one name: {names}.")
    messages = [_unsent(trace, [sent.get(trace.name) for sent in conversation.sent]) for trace in traces]
    conversation.sent.append({trace.name: _receipt(trace, len(trace.x)) for trace in traces})
    _mount(
        key=f"{_KEY}{key}",
        data={
            "key": key,
            "run": run,
            "traces": messages,
            "x_title": x_title,
            "y_title": y_title,
            "alt": alt,
            "y_format": y_format,
            "log_y": log_y,
            "smoothing": smoothing,
            "x_end": x_end,
            "words": {name: say(f"live_chart.{name}") for name in ("zoom", "pan", "reset", "png", "svg", "smoothed")}
            | {"percent": percent_sign(), "fonts": say("language.fonts")},
        },
        on_gap_change=lambda: st.session_state.pop(slot, None),
    )


def _unsent(trace: Trace, receipts: Iterable[_Sent | None]) -> dict[str, Any]:
    start = min((_known(trace, sent) for sent in receipts), default=0)
    return {
        "name": trace.name,
        "role": trace.role,
        "text": trace.text,
        "generation": trace.generation,
        "start": start,
        "x": [_number(value) for value in trace.x[start:]],
        "y": [_number(value) for value in trace.y[start:]],
    }


def _known(trace: Trace, sent: _Sent | None) -> int:
    """The number of sent points that the trace still begins with: all or none."""
    if sent is None or sent.points > len(trace.x) or sent != _receipt(trace, sent.points):
        return 0
    return sent.points


def _receipt(trace: Trace, count: int) -> _Sent:
    """The browser's state after it has received the first `count` points."""
    last = (_number(trace.x[count - 1]), _number(trace.y[count - 1])) if count else None
    return _Sent(trace.generation, count, last)


def _number(value: float | None) -> float | None:
    """The value rounded to six significant digits, more than a chart can show; None if it is not finite."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{float(value):.6g}")
