"""The pickers for a convolution's kernel and padding, and what they select."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.array_types import Floats
from core.config.convolutions import Conv2D, DepthwiseConv2D, SeparableConv2D
from core.config.layer import Padding, Window
from core.errors import DigitLabError, UnusableKernel
from core.explain.flow import convolutions
from core.explain.kernel import PRESETS, random_kernel, read_kernel, written
from core.text import Message, listed, say, sentences
from pages.run.inside.head import Inside
from pages.run.inside.layer_story import nearest_map
from pages.run.inside.view import InsideView
from pages.shared.networks import network
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.url_state import bound, change
from pages.widgets.explanations import explanations

_OF_NETWORK = ("learned", "untrained")
_RANDOM = "random"
_EXPLAINED = ("filter", "padding")


@dataclass(frozen=True, eq=False)
class Convolution:
    """A kernel float32 (rows, columns, c) with its bias, and the image (h, w, c) that its window slides over."""

    image: Floats
    kernel: Floats
    bias: float
    window: Window
    activation: str
    layer: Conv2D | None = None
    """None if the kernel is not the network's."""
    learned_as: Floats | None = None
    """The network's own map (h, w), if the result must equal it."""


def chosen_convolution(inside: Inside, view: InsideView, picking: DeltaGenerator, note: DeltaGenerator) -> Convolution:
    """Draw the pickers in `picking` and return what they select, or the nearest usable choice.

    `note` holds warnings about unusable choices, and the inputs of random and typed kernels.
    """
    layers = convolutions(inside.table)
    kind = _kind(view.kernel)
    if kind in _OF_NETWORK:
        others = [row.layer.name for row in inside.table if isinstance(row.layer, DepthwiseConv2D | SeparableConv2D)]
        if others:
            note.caption(say("inside_convolution.not_worked_out", names=listed(others)))
        elif not layers:
            note.caption(say("inside_convolution.no_convolution"))
        if not layers:
            note.caption(say("inside_convolution.on_the_digit"))
            kind = "edge"
    with picking:
        _pick_kernel(inside, view, layers, kind)
        if kind in _OF_NETWORK:
            return _network_kernel(inside, view, layers, kind)
        padding: Padding = "valid" if view.padding == "valid" else "same"
        _pick_padding(padding)
    with note:
        kernel = _free_kernel(view, kind)
    rows, columns = kernel.shape
    window = Window((rows, columns), padding=padding)
    return Convolution(inside.image[..., None], kernel[..., None], 0.0, window, "relu")


def _kind(kernel: str) -> str:
    if kernel in (*_OF_NETWORK, *PRESETS):
        return kernel
    return _RANDOM if _seed(kernel) is not None else "own"


def _seed(kernel: str) -> int | None:
    """The number in `random-7`, 0 for `random`, None for other kernels."""
    name, _, seed = kernel.partition("-")
    if name != _RANDOM or not ((seed.isascii() and seed.isdigit()) or kernel == _RANDOM):
        return None
    return int(seed or 0)


def _pick_kernel(inside: Inside, view: InsideView, layers: list[Conv2D], kind: str) -> None:
    kinds = [*(_OF_NETWORK if layers else ()), *PRESETS, _RANDOM, "own"]

    def begin(chosen: str) -> dict[str, Any]:
        # typing starts from the kernel shown so far
        name = written(_shown(inside, view, layers, kind)) if chosen == "own" else chosen
        return {"kernel": name, "row": None, "column": None}

    st.selectbox(
        say("inside_convolution.kernel"),
        kinds,
        format_func=lambda name: say(f"inside_convolution.kernels.{name}"),
        help=explanations(
            {say(f"inside_convolution.{name}"): say(f"inside_convolution.{name}_help") for name in _EXPLAINED},
            first=sentences([say("inside_convolution.kernel_help"), say("inside_convolution.counted")]),
        ),
        width=160,
        **bound("kernel", kind, first="index", options=kinds, then=begin),
    )


def _shown(inside: Inside, view: InsideView, layers: list[Conv2D], kind: str) -> Floats:
    """The kernel shown so far, or its first channel."""
    if kind in PRESETS:
        return PRESETS[kind]
    if kind == _RANDOM:
        return random_kernel(_seed(view.kernel) or 0)
    first = next((layer for layer in layers if layer.name == view.layer), layers[0] if layers else None)
    kernel = inside.weights[first.name][0][..., 0, min(view.map, first.filters - 1)] if first else PRESETS["edge"]
    return kernel if kernel.shape in ((3, 3), (5, 5)) else PRESETS["edge"]


def _network_kernel(inside: Inside, view: InsideView, layers: list[Conv2D], kind: str) -> Convolution:
    by_name = {layer.name: layer for layer in layers}
    if view.layer and all(row.layer.name != view.layer for row in inside.table):
        wanted = plain_text(view.layer, longest=40)
        link_problem(say("inside_layers.no_layer", wanted=wanted, layer=layers[0].name))
    # a link's map belongs to the link's layer
    layer = by_name.get(view.layer, layers[0])
    chosen = nearest_map(view.map, layer.filters) if view.layer in ("", layer.name) else 0
    if len(by_name) > 1:
        st.selectbox(
            say("inside.layer"),
            list(by_name),
            width=112,
            **bound(
                "layer", layer.name, first="index", options=list(by_name), also={"map": 0, "row": None, "column": None}
            ),
        )
    st.number_input(
        say("inside_convolution.filter"),
        1,
        layer.filters,
        width=96,
        **bound("map", chosen + 1, options=(layer.name,), then=lambda number: {"layer": layer.name, "map": number - 1}),
    )
    padding: Padding = layer.padding if view.padding == "own" else view.padding
    _pick_padding(padding)
    weights = inside.weights
    if kind == "untrained" and inside.epoch:
        try:
            _, weights = network(inside.run, 0)
        except DigitLabError:
            link_problem(say("inside_convolution.no_untrained"))
    kernels, *biases = weights[layer.name]
    same = weights is inside.weights and padding == layer.padding
    return Convolution(
        inside.input_of(layer.name),
        kernels[..., chosen],
        float(biases[0][chosen]) if biases else 0.0,
        replace(layer.window, padding=padding),
        layer.activation,
        layer,
        inside.activations[layer.name][..., chosen] if same else None,
    )


def _free_kernel(view: InsideView, kind: str) -> Floats:
    if kind == _RANDOM:
        st.button(
            say("inside_convolution.another"),
            key="inside.another_kernel",
            icon=":material/casino:",
            type="tertiary",
            on_click=lambda: change(kernel=f"random-{int(np.random.default_rng().integers(1, 10**6))}"),
        )
        return random_kernel(_seed(view.kernel) or 0)
    if kind != "own":
        return PRESETS[kind]
    lines = "\n".join(line.strip() for line in view.kernel.split(";"))
    st.text_area(
        say("inside_convolution.own"),
        height=112,
        max_chars=200,
        help=say("inside_convolution.own_help"),
        **bound("kernel_text", lines, then=lambda text: {"kernel": "; ".join(text.split("\n")) or " "}),
    )
    try:
        return read_kernel(view.kernel)
    except UnusableKernel as error:
        st.warning(plain_text(Message("inside_convolution.bad.instead", problem=error.message)))
        return PRESETS["edge"]


def _pick_padding(padding: Padding) -> None:
    st.segmented_control(
        say("inside_convolution.padding"),
        ["same", "valid"],
        required=True,
        **bound("padding", padding, first="default", also={"row": None, "column": None}),
    )
