"""A Plotly chart that keeps zoom, hover and hidden lines while its points arrive."""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st

from core.charts.trace import Trace
from core.text import say
from pages.widgets.browser_script import loader

_mount = st.components.v2.component(
    "live_chart",
    html='<div class="live-chart"></div>',
    js=loader("live_chart"),
    isolate_styles=False,  # Plotly puts its own styles in the document's head
)


_KEPT = 3
"""Messages of which all but the oldest may be lost: a busy server drops one that is not off when the next is made."""


class _Sent(NamedTuple):
    """What the browser should have of one trace: how many points, and where the last of them was."""

    generation: int
    points: int
    last: tuple[float | None, float | None] | None


@dataclass
class _Conversation:
    """What was sent to one chart about one run: by the last few messages, the oldest first."""

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
    height: int = 320,
    y_format: str = "",
    log_y: bool = False,
    x_end: float | None = None,
) -> None:
    """Draw traces over epochs, sending only the points that the browser may not have yet.

    `key` stays the same from run to run, a new `run` resets zoom. `y_format` is a d3 format for the values;
    one that ends in % shows fractions as per cent, and without one values have 4 significant digits.
    `x_end` is the epoch up to which the axis reaches from the start. `height` is in pixels.
    Raises ValueError if two traces have one name.
    """
    slot = f"_{key}_sent"
    conversation = st.session_state.get(slot)
    if conversation is None or conversation.run != run:
        conversation = st.session_state[slot] = _Conversation(run)
    names = [trace.name for trace in traces]
    if len(set(names)) < len(names):
        raise ValueError(f"Two lines of chart {key} have one name: {', '.join(names)}.")
    messages = [_unsent(trace, [sent.get(trace.name) for sent in conversation.sent]) for trace in traces]
    conversation.sent.append({trace.name: _receipt(trace, len(trace.x)) for trace in traces})
    _mount(
        key=key,
        data={
            "key": key,
            "run": run,
            "traces": messages,
            "x_title": x_title,
            "y_title": y_title,
            "alt": alt,
            "height": height,
            "y_format": y_format,
            "log_y": log_y,
            "x_end": x_end,
            "words": {name: say(f"live_chart.{name}") for name in ("zoom", "pan", "reset", "png", "svg")},
        },
        height=height,
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
    """How many of the points that were sent the line still begins with: all or none."""
    if sent is None or sent.points > len(trace.x) or sent != _receipt(trace, sent.points):
        return 0
    return sent.points


def _receipt(trace: Trace, count: int) -> _Sent:
    """What the browser has once it holds the first `count` points."""
    last = (_number(trace.x[count - 1]), _number(trace.y[count - 1])) if count else None
    return _Sent(trace.generation, count, last)


def _number(value: float | None) -> float | None:
    """A plain number of six digits, more than a chart can show; None for what cannot be drawn."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{float(value):.6g}")
