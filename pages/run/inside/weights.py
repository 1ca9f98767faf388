"""How training changed the weights, layer by layer, and which units are silent."""

from functools import partial

import numpy as np
import streamlit as st

from core import formatting as figures
from core.charts.histogram import histogram_figure
from core.charts.movement import movement_figure
from core.charts.silent_units import silent_units_figure
from core.errors import DigitLabError
from core.explain import weight_statistics
from core.explain.weight_statistics import DIGITS, Activity, histogram, kernels, learning_layers
from core.text import clause, listed, say
from pages.run.inside.head import Inside
from pages.run.inside.view import InsideView
from pages.shared.networks import network, weights_stamp
from pages.shared.shown_digits import ShownDigits, shown_digits
from pages.state.background import ready, submit
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.theme import colors
from pages.widgets.chart import chart
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
            link_problem(say("inside_weights.no_layer", name=plain_text(view.layer, longest=40), shown=shown))
    switch("layer", shown, names, say("inside_weights.layer"))
    return shown


def _weights(inside: Inside, layer: str) -> None:
    title = f"**{say('inside_weights.weights', name=layer)}**"
    st.markdown(title, help=say("inside_weights.weights_help"), width="content")
    try:
        first = kernels(network(inside.run, 0)[1], inside.table) if inside.epochs[0] == 0 else {}
    except DigitLabError as error:
        st.caption(_reason(error))
        return
    found = histogram(kernels(inside.weights, inside.table)[layer], first.get(layer, np.empty(0, np.float32)))
    axis = say("inside_weights.weight")
    figure = histogram_figure(found, epoch=inside.epoch, axis=axis, colors=colors(), height=_HEIGHT)
    low, high = (f"{found.edges[end]:.2g}" for end in (0, -1))
    alt = say("inside_weights.weights_alt", name=layer, epoch=inside.epoch, low=low, high=high)
    chart("inside.weights", figure, name="weights", alt=alt)


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
    lines = {name: [distances[name] for distances in found.values()] for name in kernels(inside.weights, inside.table)}
    figure = movement_figure(list(found), lines, chosen=layer, epoch=inside.epoch, colors=colors(), height=_HEIGHT)
    shares = listed(f"{name} {figures.percent(share)}" for name, share in found.get(inside.epoch, {}).items())
    alt = say("inside_weights.moved_alt", epoch=inside.epoch, distances=shares)
    chart("inside.moved", figure, name="weights-moved", alt=alt)


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
    samples = own[layer].sample, untrained[layer].sample
    if own[layer].silent is not None:
        title = " · ".join([title, say("inside_weights.zeros", share=zeros)])
        samples = samples[0][samples[0] > 0], samples[1][samples[1] > 0]
    st.markdown(title, help=help_text, width="content")
    spread, axis = histogram(*samples), say("inside_weights.output")
    figure = histogram_figure(spread, epoch=inside.epoch, axis=axis, colors=colors(), height=_HEIGHT)
    alt = say("inside_weights.outputs_alt", name=layer, epoch=inside.epoch, share=zeros, digits=digits.kind)
    chart("inside.outputs", figure, name="outputs", alt=alt)
    _silent(inside, layer, own, counted)


def _silent(inside: Inside, layer: str, own: dict[str, Activity], counted: str) -> None:
    help_text = say("inside_weights.silent_help", digits=counted)
    st.markdown(f"**{say('inside_weights.silent')}**", help=help_text, width="content")
    counts = {name: (found.silent, found.units) for name, found in own.items() if found.silent is not None}
    if not counts:
        st.caption(say("inside_weights.no_relu"))
        return
    figure = silent_units_figure(counts, chosen=layer, colors=colors(), height=_HEIGHT)
    told = listed(f"{name} {few} / {many}" for name, (few, many) in counts.items())
    alt = say("inside_weights.silent_alt", epoch=inside.epoch, counts=told)
    chart("inside.silent", figure, name="silent-units", alt=alt)


def _reason(error: DigitLabError) -> str:
    return say("inside_weights.unreadable", reason=plain_text(clause(error.message)))
