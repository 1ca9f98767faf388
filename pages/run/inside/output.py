"""The output layer as a calculation: logits, softmax and loss; and the network's parameter count."""

from collections.abc import Sequence
from math import prod
from typing import Any

import streamlit as st

from core import formatting as figures
from core.analysis.verdict import guessing
from core.charts.logit_sum import logit_figure
from core.explain.parameters import counts
from core.explain.softmax import logit_sum, softmax
from core.text import say
from pages.run.inside.head import Inside, true_class
from pages.run.inside.view import InsideView
from pages.shared.softmax_table import fixed, loss_sentences, softmax_table
from pages.state.theme import colors
from pages.state.url_state import bound
from pages.widgets.chart import chart
from pages.widgets.compact_table import Row, compact_table

TERMS = 6
HEIGHT = 262
MOST_BUTTONS = 12


def output(inside: Inside, view: InsideView) -> None:
    """Each step with this digit's numbers, and one logit as a sum of terms."""
    layer = inside.table[-1].layer.name
    inputs, weights = inside.input_of(layer), inside.weights[layer]
    classes = inside.data.classes
    result = softmax(inputs, weights)
    predicted = int(result.probabilities.argmax())
    left, right = st.columns([9, 10], gap="medium")
    with left:
        label = true_class(inside)
        st.markdown(f"**{say('output.title')}**", help=say("output.help"))
        softmax_table(result, label, classes)
        st.markdown(
            "  \n".join(loss_sentences(result, label, classes)),
            help=say("output.loss_help", classes=len(classes), guessing=figures.loss(guessing(len(classes)))),
        )
        st.caption(say("output.stable"))
        _other_loss(inside)
    with right:
        # of the output layer, the link's map is one of ten units
        digit = min(view.map, len(classes) - 1) if view.layer == layer else predicted
        if view.layer == layer and digit != view.map:
            st.caption(say("output.no_class", wanted=view.map, last=digit))
        _class_choice(classes, digit, layer, say("output.logit_help", inputs=f"{len(inputs):,}"))
        chart(
            "output.terms",
            logit_figure(logit_sum(inputs, weights, digit, TERMS), name=classes[digit], colors=colors(), height=HEIGHT),
            name="logit",
            alt=say("output.alt", digit=classes[digit], logit=fixed(float(result.logits[digit]))),
        )
        _parameters(inside)


def _class_choice(classes: Sequence[str], chosen: int, layer: str, about: str) -> None:
    """A picker for the class whose logit is shown; a list where there are many."""
    options, title = range(len(classes)), say("output.logit_of")
    if len(classes) > MOST_BUTTONS or max(map(len, classes)) > 2:
        shown: dict[str, Any] = bound("map", chosen, first="index", options=options, also={"layer": layer})
        st.selectbox(title, options, format_func=classes.__getitem__, help=about, **shown)
    else:
        shown = bound("map", chosen, first="default", also={"layer": layer})
        st.segmented_control(
            title, options, format_func=classes.__getitem__, required=True, wrap=True, help=about, **shown
        )


def _other_loss(inside: Inside) -> None:
    """A note where the training minimized another loss than the one shown."""
    config = inside.classifier.config
    if config.loss == "mean_squared_error":
        st.caption(say("output.squared_error"))
    elif config.smoothing:
        st.caption(say("output.smoothed", share=config.smoothing))


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
        heads = [say(f"output.{name}") for name in ("layer", "how", "weights", "biases")]
        cells = zip(rows, products, strict=True)
        shown = [Row((row.layer, product, f"{row.weights:,}", f"{row.biases:,}")) for row, product in cells]
        compact_table(heads, shown, right={2, 3}, alt=total)
