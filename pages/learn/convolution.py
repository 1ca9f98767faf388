"""Lesson on convolution: a kernel slides over a digit, and each weighted sum is a pixel of the output."""

import numpy as np
import streamlit as st

from core.array_types import Floats
from core.config.layer import Window
from core.explain.activation import activated
from core.explain.convolution import convolved, padded
from core.explain.flow import convolutions
from core.explain.kernel import PRESETS
from core.text import say
from pages.learn.controls import controls, labeled
from pages.learn.digits import Digit, Network, clear_digit, lesson_digits, lesson_network, pick_digit
from pages.learn.filter import pick_filter
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.state.url_state import bound, change
from pages.widgets.sliding_window import Line, Picture, sliding_window
from pages.widgets.switch import switch

_LEARNED = "learned"


def convolution(view: LearnView) -> None:
    """Pickers for kernel, digit and output, and the kernel on its way over the digit."""
    data, network = lesson_digits(), lesson_network()
    if data is None or network is None:
        return
    digit = clear_digit(data, view)
    with controls():
        detectors, label = [*PRESETS, _LEARNED], say("lessons.convolution.kernel")
        with labeled(label):
            st.selectbox(
                label,
                detectors,
                format_func=lambda name: say(f"lessons.convolution.kernels.{name}"),
                label_visibility="collapsed",
                width=165,
                **bound("detector", view.detector, first="index", options=detectors),
            )
        kernel, bias, window = _kernel(view, network, digit)
        pick_digit(view)
        label = say("lessons.convolution.result")
        with labeled(label):
            switch("result", view.result, ["sum", "relu"], label, lambda name: say(f"lessons.convolution.{name}"))
    image = digit.image[..., None]
    z = convolved(image, kernel[..., None], bias, window)
    after = activated(z, "relu")
    rows, columns = after.shape
    step = within("step", int(after.argmax()) if view.step is None else view.step, 0, after.size - 1, str)
    lines = [
        Line(say("lessons.convolution.products_sum"), z.astype(np.float64) - bias),
        *([Line(say("lessons.convolution.bias"), np.array([bias]))] if view.detector == _LEARNED else []),
        *([Line(say("lessons.convolution.sum_bias"), z)] if view.detector == _LEARNED else []),
        *([Line(say("lessons.convolution.after_relu"), after)] if view.result == "relu" else []),
    ]
    side = len(kernel)
    sliding_window(
        "learn.convolution",
        Picture(
            padded(image, window)[..., 0],
            say("lessons.convolution.digit"),
            say("lessons.convolution.digit_alt", label=digit.label),
            note=say("lessons.convolution.padding"),
        ),
        span=side,
        margin=window.margins(image.shape[:2])[0][0],
        kernel=kernel,
        output=Picture(
            z if view.result == "sum" else after,
            say(f"lessons.convolution.output_{view.result}"),
            say(f"lessons.convolution.output_{view.result}_alt", rows=rows, columns=columns),
            signed=view.result == "sum",
            note=say("lessons.convolution.signs") if view.result == "sum" else "",
        ),
        tables={name: say(f"lessons.convolution.{name}") for name in ("patch", "kernel", "products")},
        lines=lines,
        at=step,
        complete=view.step is None,
        on_rest=lambda at: change(step=at),
    )


def _kernel(view: LearnView, network: Network, digit: Digit) -> tuple[Floats, float, Window]:
    """The kernel float32 (side, side) with its bias and its window; a picker for the learned ones."""
    if view.detector != _LEARNED:
        kernel = PRESETS[view.detector]
        return kernel, 0.0, Window((len(kernel), len(kernel)), padding="same")
    layer = convolutions(network.table)[0]
    chosen = pick_filter(view, network.outputs(digit)[layer.name])
    kernels, biases = network.weights[layer.name]
    return kernels[..., 0, chosen], float(biases[chosen]), layer.window
