"""The probabilities of the classes as bars."""

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core import formatting as figures
from core.array_types import Floats
from core.text import say
from pages.state.theme import colors

# a small HTML grid: a Plotly chart would be remounted for every digit
_ROW = (
    '<div style="display:grid;grid-template-columns:{name} 1fr 6em;gap:.45em;align-items:center;{weight}">'
    '<span style="text-align:right;overflow:hidden;text-overflow:ellipsis;text-wrap:nowrap">{digit}</span>'
    '<span style="background:{color};height:.8em;border-radius:2px;width:max(1px,{width:.2f}%)"></span>'
    '<span style="text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums">{percent}{sign}</span></div>'
)
_STYLE = "font-size:calc(.875rem * var(--formula));line-height:1.35"

MOST_BARS = 12


def most_probable(probabilities: Floats, label: int | None = None) -> list[int]:
    """The classes to show, in the order of their labels: all, or of many the most probable ones and the label."""
    order = np.argsort(-probabilities, kind="stable")[:MOST_BARS].tolist()
    return sorted({*order, *([] if label is None else [label])})


def name_width(classes: Sequence[str]) -> str:
    """The CSS width of a column with the names of the classes."""
    longest = max(map(len, classes))
    return "1.15em" if longest < 3 else f"{min(0.6 * longest, 9):.1f}em"


def blank_bars(key: str, classes: Sequence[str]) -> None:
    """The classes, without bars: what is seen until there is a prediction."""
    blank = {"color": colors().bar, "width": 0, "percent": "", "sign": "", "weight": ""}
    rows = "".join(_ROW.format(digit=html.escape(name), name=name_width(classes), **blank) for name in classes)
    with st.container(key=key.replace(".", "-")):
        st.html(f'<div aria-hidden="true" style="{_STYLE}">{rows}</div>')


def probability_bars(
    key: str, probabilities: Floats, classes: Sequence[str], *, predicted: int, label: int | None = None
) -> None:
    """One bar per class, float32 (classes,); the prediction in blue, or in red with a cross if it is not the label.

    Of many classes, those with the highest probabilities.
    A class of less than 0.01 % has no number, unless it is the label.
    """
    shades = colors()
    rows = []
    for digit in most_probable(probabilities, label):
        probability = float(probabilities[digit])
        color, sign = shades.bar, ""
        if digit == predicted:
            wrong = label is not None and label != predicted
            color, sign = (shades.wrong, " ✗") if wrong else (shades.training, " ✓" if label is not None else "")
        elif digit == label:
            color, sign = shades.test, " ●"
        weight = "font-weight:650" if sign or digit == predicted else ""
        percent = figures.probability(probability)
        if not sign and digit != predicted and percent == figures.probability(0):
            percent = ""
        rows.append(
            _ROW.format(
                digit=html.escape(classes[digit]),
                color=color,
                width=100 * probability,
                percent=html.escape(percent),
                sign=sign,
                weight=weight,
                name=name_width(classes),
            )
        )
    told = html.escape(
        say("bars.alt", digit=classes[predicted], percent=figures.probability(float(probabilities[predicted])))
    )
    with st.container(key=key.replace(".", "-")):
        st.html(f'<div role="img" aria-label="{told}" style="{_STYLE}">{"".join(rows)}</div>')
        if label is not None:
            st.caption(say("bars.legend_right" if label == predicted else "bars.legend_wrong"))
