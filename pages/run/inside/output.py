"""The output layer as a calculation: logits, softmax and loss; and the network's parameter count."""

import html
from math import prod

import streamlit as st

from core import formatting as figures
from core.charts.frame import picture_config
from core.charts.logit_sum import logit_figure
from core.config.network import CLASSES
from core.explain.parameters import counts
from core.explain.softmax import Softmax, logit_sum, softmax
from core.text import say
from pages.run.inside.head import Inside, true_class
from pages.run.inside.view import InsideView
from pages.state.theme import colors
from pages.state.url_state import bound

TERMS = 6
HEIGHT = 262

_NUMBER = '<td style="text-align:right;padding:0 .6rem;{bold}">{text}</td>'
_ROW = (
    '<tr style="{mark}"><th scope="row" style="text-align:left;padding:0 .6rem;font-weight:inherit">{name}</th>{cells}'
    '<td style="width:5rem;padding-right:.4rem"><div style="height:.65rem;border-radius:2px;background:{color};'
    'width:max(1px,{width:.2f}%)"></div></td></tr>'
)


def output(inside: Inside, view: InsideView) -> None:
    """Each step with this digit's numbers, and one logit as a sum of terms."""
    layer = inside.table[-1].layer.name
    inputs, weights = inside.input_of(layer), inside.weights[layer]
    result = softmax(inputs, weights)
    predicted = int(result.probabilities.argmax())
    left, right = st.columns([9, 10], gap="medium")
    with left:
        label = true_class(inside)
        st.markdown(f"**{say('output.title')}**", help=say("output.help"))
        _steps(result, label, predicted)
        _loss(result, label)
    with right:
        # of the output layer, the link's map is one of ten units
        digit = min(view.map, CLASSES - 1) if view.layer == layer else predicted
        if view.layer == layer and digit != view.map:
            st.caption(say("output.no_class", wanted=view.map, last=digit))
        st.segmented_control(
            say("output.logit_of"),
            range(CLASSES),
            format_func=str,
            required=True,
            help=say("output.logit_help", inputs=f"{len(inputs):,}"),
            **bound("map", digit, first="default", also={"layer": layer}),
        )
        # reserve the space while the chart loads
        st.container(height=HEIGHT, border=False).plotly_chart(
            logit_figure(logit_sum(inputs, weights, digit, TERMS), digit=digit, colors=colors(), height=HEIGHT),
            key="output.terms",
            config=picture_config("logit"),
            alt=say("output.alt", digit=digit, logit=_fixed(result.logits[digit])),
        )
        _parameters(inside)


def _steps(result: Softmax, label: int, predicted: int) -> None:
    shades = colors()
    rows = []
    for digit in range(len(result.logits)):
        probability = float(result.probabilities[digit])
        sign, color = "", shades.bar
        if digit == predicted:
            sign, color = (" ✓", shades.training) if digit == label else (" ✗", shades.wrong)
        elif digit == label:
            sign, color = " ●", shades.test
        bold = "font-weight:650" if sign else ""
        exponential = figures.scientific(float(result.exponentials[digit]))
        texts = (_fixed(result.logits[digit]), exponential, figures.percent(probability))
        cells = "".join(_NUMBER.format(text=text, bold=bold) for text in texts)
        rows.append(_ROW.format(mark=bold, name=f"{digit}{sign}", cells=cells, color=color, width=100 * probability))
    head = "".join(
        f'<th scope="col" style="text-align:{"left" if name == "class" else "right"};padding:0 .6rem;font-weight:500;'
        f'color:{shades.quiet}">{html.escape(say(f"output.{name}"))}</th>'
        for name in ("class", "logit", "exponential", "probability")
    )
    total = (
        f'<tr style="border-top:1px solid {shades.faint}"><th scope="row" style="text-align:left;padding:.1rem .6rem;'
        f'font-weight:500;color:{shades.quiet}">{html.escape(say("output.total"))}</th><td></td>'
        f'<td style="text-align:right;padding:0 .6rem">{figures.scientific(result.total)}</td>'
        f'<td style="text-align:right;padding:0 .6rem">100 %</td><td></td></tr>'
    )
    alt = html.escape(
        say("output.steps_alt", digit=predicted, percent=figures.percent(float(result.probabilities[predicted])))
    )
    st.html(
        f'<table aria-label="{alt}" style="width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.45;'
        f'font-variant-numeric:tabular-nums;white-space:nowrap"><thead><tr>{head}<th></th></tr></thead>'
        f"<tbody>{''.join(rows)}{total}</tbody></table>"
    )


def _loss(result: Softmax, label: int) -> None:
    loss = result.loss(label)
    values = {
        "label": label,
        "exponential": figures.scientific(float(result.exponentials[label])),
        "total": figures.bracketed(figures.scientific(result.total)),
        "probability": figures.scientific(float(result.probabilities[label])),
        "inside": figures.bracketed(figures.scientific(float(result.probabilities[label]))),
        "loss": figures.loss(loss) if loss >= 1e-4 else figures.scientific(loss),
    }
    st.markdown(say("output.quotient", **values) + "  \n" + say("output.loss", **values), help=say("output.loss_help"))
    st.caption(say("output.stable"))


def _parameters(inside: Inside) -> None:
    """The parameter count as a sum, in a closed expander."""
    rows = counts(inside.table)
    weights, biases = sum(row.weights for row in rows), sum(row.biases for row in rows)
    total = say("output.parameters", weights=f"{weights:,}", biases=f"{biases:,}", all=f"{weights + biases:,}")
    with st.expander(total, icon=":material/calculate:"):
        products = [" × ".join(f"{factor:,}" for factor in row.factors) for row in rows]
        st.markdown(
            say(
                "output.weights_sum",
                products=" + ".join(products),
                weights=f"{sum(prod(row.factors) for row in rows):,}",
            )
        )
        st.dataframe(
            {
                say("output.layer"): [row.layer for row in rows],
                say("output.how"): products,
                say("output.weights"): [row.weights for row in rows],
                say("output.biases"): [row.biases for row in rows],
            },
            column_config={
                say(f"output.{name}"): st.column_config.NumberColumn(format="localized")
                for name in ("weights", "biases")
            },
            hide_index=True,
            key="output.parameters",
            alt=total,
        )


def _fixed(value: float) -> str:
    return figures.minus(f"{value:.3f}")
