"""How training changed the weights, layer by layer, and which units are silent."""

from functools import partial

import numpy as np
import streamlit as st

from core import formatting as figures
from core.charts.frame import picture_config
from core.charts.histogram import histogram_figure
from core.charts.movement import movement_figure
from core.charts.silent_units import silent_units_figure
from core.errors import DigitLabError
from core.explain import weight_statistics
from core.explain.weight_statistics import DIGITS, Activity, Histogram, histogram, kernels, learning_layers
from core.text import clause, say
from pages.run.inside.head import Inside, network, weights_stamp
from pages.run.inside.view import InsideView
from pages.shared.shown_digits import ShownDigits, shown_digits
from pages.state.background import ready, submit
from pages.state.plain_text import plain_text
from pages.state.theme import colors
from pages.widgets.switch import switch

_HEIGHT = 172


def weights(inside: Inside, view: InsideView) -> None:
    """Histograms of a layer's weights and outputs, how far all layers moved, and how many units are silent."""
    layer = _layer(inside, view)
    left, right = st.columns(2, gap="medium")
    with left, st.container(gap="xxsmall"):
        _weights(inside, layer)
        _moved(inside, layer)
    with right, st.container(gap="xxsmall"):
        digits = shown_digits(inside.run)
        if digits is None:
            st.caption(say("inside_weights.no_digits"))
        else:
            _activity(inside, layer, digits)


def _layer(inside: Inside, view: InsideView) -> str:
    """Draw a picker for a layer with weights, and return its choice."""
    names = list(learning_layers(inside.table))
    every = [row.layer.name for row in inside.table]
    shown = view.layer
    if view.layer not in names:
        # the nearest before it that has weights: of a pooling layer, its convolution
        before = every[: every.index(view.layer) + 1] if view.layer in every else []
        shown = next((name for name in reversed(before) if name in names), names[0])
        if view.layer:
            st.warning(say("inside_weights.no_layer", name=plain_text(view.layer, longest=40), shown=shown))
    switch("layer", shown, names, say("inside_weights.layer"))
    return shown


def _weights(inside: Inside, layer: str) -> None:
    title = f"**{say('inside_weights.weights', name=layer)}**"
    st.markdown(title, help=say("inside_weights.weights_help"), width="content")
    start = inside.epochs[0]
    try:
        first = network(inside.run, 0)[1] if start == 0 else {layer: [np.empty(0, np.float32)]}
    except DigitLabError as error:
        st.caption(_reason(error))
        return
    found = histogram(inside.weights[layer][0], first[layer][0])
    st.plotly_chart(
        histogram_figure(found, epoch=inside.epoch, axis=say("inside_weights.weight"), colors=colors(), height=_HEIGHT),
        key="inside.weights",
        config=picture_config("weights"),
        alt=say(
            "inside_weights.weights_alt",
            name=layer,
            epoch=inside.epoch,
            low=f"{found.edges[0]:.2g}",
            high=f"{found.edges[-1]:.2g}",
        ),
    )


def _moved(inside: Inside, layer: str) -> None:
    st.markdown(f"**{say('inside_weights.moved')}**", help=say("inside_weights.moved_help"), width="content")
    if len(inside.epochs) < 2 or inside.epochs[0] != 0:
        st.caption(say("inside_weights.one_epoch" if len(inside.epochs) < 2 else "inside_weights.no_start"))
        return
    folder = inside.run.folder
    answers = {
        epoch: submit(("moved", *weights_stamp(folder, epoch)), partial(weight_statistics.moved, folder, epoch))
        for epoch in inside.epochs
    }
    if not ready(*answers.values()):
        st.skeleton(height=_HEIGHT)
        return
    found = {epoch: answer.result() for epoch, answer in answers.items() if not answer.exception()}
    names = list(kernels(inside.weights, inside.table))
    st.plotly_chart(
        movement_figure(
            list(found),
            {name: [distances[name] for distances in found.values()] for name in names},
            chosen=layer,
            epoch=inside.epoch,
            colors=colors(),
            height=_HEIGHT,
        ),
        key="inside.moved",
        config=picture_config("weights-moved"),
        alt=say(
            "inside_weights.moved_alt",
            epoch=inside.epoch,
            distances=", ".join(
                f"{name} {figures.percent(share)}" for name, share in found.get(inside.epoch, {}).items()
            ),
        ),
    )


def _activity(inside: Inside, layer: str, digits: ShownDigits) -> None:
    images = digits.data.test_images[:DIGITS]
    counted = digits.counted(len(images))
    # compare with the untrained network
    epochs = [inside.epoch, *([0] if inside.epochs[0] == 0 and inside.epoch else [])]
    answers = [
        submit(
            ("activity", *weights_stamp(inside.run.folder, epoch), digits.data.digest),
            partial(weight_statistics.activity, inside.run.folder, epoch, images),
        )
        for epoch in reversed(epochs)
    ][::-1]
    title = f"**{say('inside_weights.outputs', name=layer)}**"
    help_text = say("inside_weights.outputs_help", digits=counted)
    if not ready(*answers):
        st.markdown(title, help=help_text, width="content")
        st.skeleton(height=_HEIGHT)
        st.caption(say("inside_weights.waiting", digits=counted))
        return
    try:
        found: list[dict[str, Activity]] = [answer.result() for answer in answers]
    except DigitLabError as error:
        st.caption(_reason(error))
        return
    own, untrained = found[0], found[-1]
    zeros = figures.percent(own[layer].zeros)
    stops = own[layer].silent is not None
    zeros_text = say("inside_weights.zeros", share=zeros) if stops else ""
    st.markdown(" · ".join(filter(None, (title, zeros_text))), help=help_text, width="content")
    st.plotly_chart(
        histogram_figure(
            _spread(own[layer], untrained[layer]),
            epoch=inside.epoch,
            axis=say("inside_weights.output"),
            colors=colors(),
            height=_HEIGHT,
        ),
        key="inside.outputs",
        config=picture_config("outputs"),
        alt=say("inside_weights.outputs_alt", name=layer, epoch=inside.epoch, share=zeros, digits=digits.kind),
    )
    _silent(inside, layer, own, counted)


def _spread(own: Activity, untrained: Activity) -> Histogram:
    if own.silent is None:
        return histogram(own.sample, untrained.sample)
    return histogram(own.sample[own.sample > 0], untrained.sample[untrained.sample > 0])


def _silent(inside: Inside, layer: str, own: dict[str, Activity], counted: str) -> None:
    help_text = say("inside_weights.silent_help", digits=counted)
    st.markdown(f"**{say('inside_weights.silent')}**", help=help_text, width="content")
    counts = {name: (found.silent, found.units) for name, found in own.items() if found.silent is not None}
    if not counts:
        st.caption(say("inside_weights.no_relu"))
        return
    told = ", ".join(f"{name} {few} / {many}" for name, (few, many) in counts.items())
    st.plotly_chart(
        silent_units_figure(counts, chosen=layer, colors=colors(), height=_HEIGHT),
        key="inside.silent",
        config=picture_config("silent-units"),
        alt=say("inside_weights.silent_alt", epoch=inside.epoch, counts=told),
    )


def _reason(error: DigitLabError) -> str:
    return say("inside_weights.unreadable", reason=plain_text(clause(error.message)))
