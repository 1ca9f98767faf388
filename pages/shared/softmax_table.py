"""Softmax and loss of one digit as a calculation in numbers."""

import html
import math
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core import formatting as figures
from core.explain.softmax import Softmax
from core.text import say, shortened
from pages.state.plain_text import literal
from pages.state.theme import colors
from pages.widgets.probability_bars import most_probable

_LONGEST = 20
"""Letters of a class's name."""
COLUMNS = ("logit", "exponential", "probability")
_DECIMALS = 3

_NUMBER = '<td style="text-align:right;padding:0 .5rem;{bold}">{text}</td>'
_ROW = (
    '<tr style="{mark}"><th scope="row" style="text-align:left;padding:0 .5rem;font-weight:inherit">{name}</th>{cells}'
    '<td style="width:{room};padding-right:.5rem"><div style="height:.65em;border-radius:2px;background:{color};'
    'width:max(1px,{width:.2f}%)"></div></td></tr>'
)


def softmax_table(
    result: Softmax, label: int, classes: Sequence[str], *, shown: int = len(COLUMNS), large: bool = False
) -> None:
    """A row for each class with its first `shown` of logit, exponential and probability; `large` is for projection.

    Of many classes, those with the highest probabilities are shown. ✓ marks a correct prediction, ✗ a wrong one, ● the
    label of a wrong one.
    """
    shades, predicted = colors(), int(result.probabilities.argmax())
    names, decimals = COLUMNS[:shown], _decimals(result)
    rows = []
    for digit in most_probable(result.probabilities.astype(np.float32), label):
        probability = float(result.probabilities[digit])
        sign, color = "", shades.bar
        if digit == predicted:
            sign, color = (" ✓", shades.training) if digit == label else (" ✗", shades.wrong)
        elif digit == label:
            sign, color = " ●", shades.test
        texts = {
            "logit": fixed(float(result.logits[digit]), decimals),
            "exponential": figures.scientific(float(result.exponentials[digit])),
            "probability": html.escape(figures.probability(probability)),
        }
        bold = "font-weight:650" if sign else ""
        rows.append(
            _ROW.format(
                mark=bold,
                name=f"{html.escape(shortened(classes[digit], _LONGEST))}{sign}",
                cells="".join(_NUMBER.format(text=texts[name] if name in names else "", bold=bold) for name in COLUMNS),
                color=color if "probability" in names else "none",
                width=100 * probability,
                room="min(9rem, 10vw)" if large else "5rem",
            )
        )
    head = "".join(
        f'<th scope="col" style="text-align:{"left" if name == "class" else "right"};padding:0 .5rem;font-weight:500;'
        f'color:{shades.quiet}">{html.escape(say(f"output.{name}"))}</th>'
        for name in ("class", *COLUMNS)
    )
    totals = {"exponential": figures.scientific(result.total), "probability": figures.whole_percent(1)}
    sums = "".join(_NUMBER.format(text=totals.get(name, "") if name in names else "", bold="") for name in COLUMNS)
    total = (
        f'<tr style="border-top:1px solid {shades.faint}"><th scope="row" style="text-align:left;padding:.125rem .5rem;'
        f'font-weight:500;color:{shades.quiet}">{html.escape(say("output.total"))}</th>{sums}<td></td></tr>'
    )
    percent = figures.probability(float(result.probabilities[predicted]))
    alt = html.escape(say("output.steps_alt", digit=classes[predicted], percent=percent))
    size = "clamp(.75rem, min(2.3vh + .2vw, 3vw), 1.6rem)" if large else "calc(.875rem * var(--formula))"
    st.html(
        f'<div style="overflow-x:auto"><table aria-label="{alt}" style="width:100%;border-collapse:collapse;'
        f'font-size:{size};line-height:1.45;font-variant-numeric:tabular-nums;white-space:nowrap">'
        f"<thead><tr>{head}<th></th></tr></thead><tbody>{''.join(rows)}{total}</tbody></table></div>"
    )


def loss_sentences(result: Softmax, label: int, classes: Sequence[str]) -> tuple[str, str]:
    """The label's probability as a quotient, and the loss as its logarithm."""
    loss = result.loss(label)
    probability = figures.scientific(float(result.probabilities[label]))
    quotient = say(
        "output.quotient",
        label=literal(classes[label]),
        exponential=figures.scientific(float(result.exponentials[label])),
        total=figures.bracketed(figures.scientific(result.total)),
        probability=probability,
    )
    shown = figures.loss(loss) if loss >= 1e-4 else figures.scientific(loss)
    return quotient, say("output.loss", inside=figures.bracketed(probability), loss=shown)


def fixed(value: float, decimals: int = _DECIMALS) -> str:
    """So many decimals and a real minus sign."""
    return figures.minus(f"{value:.{decimals}f}")


def _decimals(result: Softmax) -> int:
    """As many as show how far the largest two logits are apart, from three to five."""
    second, first = np.sort(result.logits)[-2:]
    needed = math.ceil(1 - math.log10(first - second)) if first > second else 0
    return min(max(_DECIMALS, needed), 5)
