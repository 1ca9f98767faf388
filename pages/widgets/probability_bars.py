"""The probabilities of the ten classes as bars."""

import html
from collections.abc import Sequence

import streamlit as st

from core import formatting as figures
from core.array_types import Floats
from core.text import say
from pages.state.theme import colors

# a small HTML grid: a Plotly chart would be remounted for every digit
_ROW = (
    '<div style="display:grid;grid-template-columns:1.15em 1fr 6em;gap:.45em;align-items:center;{weight}">'
    '<span style="text-align:right">{digit}</span>'
    '<span style="background:{color};height:.8em;border-radius:2px;width:max(1px,{width:.2f}%)"></span>'
    '<span style="text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums">{percent}{sign}</span></div>'
)
_STYLE = "font-size:calc(.875rem * var(--formula));line-height:1.35"


_TINY = figures.probability(0)


def blank_bars(key: str, classes: Sequence[str]) -> None:
    """The classes, without bars: what is seen until there is a prediction."""
    blank = {"color": colors().bar, "width": 0, "percent": "", "sign": "", "weight": ""}
    rows = "".join(_ROW.format(digit=html.escape(name), **blank) for name in classes)
    with st.container(key=key.replace(".", "-")):
        st.html(f'<div aria-hidden="true" style="{_STYLE}">{rows}</div>')


def probability_bars(key: str, probabilities: Floats, *, predicted: int, label: int | None = None) -> None:
    """One bar per class, float32 (10,); the prediction in blue, or in red with a cross if it is not the label.

    A class of less than 0.01 % has no number, unless it is the label.
    """
    shades = colors()
    rows = []
    for digit, probability in enumerate(map(float, probabilities)):
        color, sign = shades.bar, ""
        if digit == predicted:
            wrong = label is not None and label != predicted
            color, sign = (shades.wrong, " ✗") if wrong else (shades.training, " ✓" if label is not None else "")
        elif digit == label:
            color, sign = shades.test, " ●"
        weight = "font-weight:650" if sign or digit == predicted else ""
        percent = figures.probability(probability)
        if not sign and digit != predicted and percent == _TINY:
            percent = ""
        rows.append(
            _ROW.format(
                digit=digit,
                color=color,
                width=100 * probability,
                percent=html.escape(percent),
                sign=sign,
                weight=weight,
            )
        )
    told = html.escape(say("bars.alt", digit=predicted, percent=figures.probability(float(probabilities[predicted]))))
    with st.container(key=key.replace(".", "-")):
        st.html(f'<div role="img" aria-label="{told}" style="{_STYLE}">{"".join(rows)}</div>')
        if label is not None:
            st.caption(say("bars.legend_right" if label == predicted else "bars.legend_wrong"))
