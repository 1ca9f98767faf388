"""A layer in words: what it does, and its parameters."""

import streamlit as st

from core import formatting as figures
from core.config.convolutions import Conv2D, DepthwiseConv2D, SeparableConv2D
from core.config.layer import Shape, Window
from core.config.layers import (
    ELU,
    Activation,
    BatchNormalization,
    Dense,
    Dropout,
    Flatten,
    LayerRow,
    LeakyReLU,
    Rescaling,
    Reshape,
    SpatialDropout2D,
    ZeroPadding2D,
)
from core.config.poolings import Pooling
from core.explain.parameters import counts
from core.text import say, sentences
from pages.state.link_problems import link_problem


def shape_text(shape: Shape) -> str:
    return "×".join(f"{size:,}" for size in shape)


def activation_name(activation: str) -> str:
    return "ReLU" if activation == "relu" else activation


def nearest_map(wanted: int, count: int) -> int:
    """This map or unit, or with a warning the last one if there are only `count`."""
    if wanted >= count:
        link_problem(say("inside_layers.no_map", wanted=wanted + 1, last=count))
    return min(wanted, count - 1)


def layer_story(row: LayerRow) -> None:
    """What the layer does in a sentence, and the arithmetic of its parameters."""
    does, counted = sentences(_does(row, row.input_shape)), _counts(row)
    st.caption(say("inside_layers.story", layer=row.layer.name, does=does, counts=counted))


def _does(row: LayerRow, shape: Shape) -> list[str]:
    known = f"inside_layers.does.{row.layer.word}"
    match row.layer:
        case Conv2D(filters=filters, kernel_size=size):
            return [say(known, filters=filters, size=shape_text((*size, shape[-1]))), *_steps(row.layer.window)]
        case DepthwiseConv2D(kernel_size=size) | SeparableConv2D(kernel_size=size):
            return [say(known, size=shape_text(size), channels=shape[-1]), *_steps(row.layer.window)]
        case Pooling():
            window = row.layer.window
            return [say(known, size=shape_text(window.size), shape=shape_text(row.output_shape[:2]))]
        case Dense(units=units):
            output = "inside_layers.does.softmax" if row.layer.name == "output" else known
            return [say(output, units=units, inputs=f"{shape[0]:,}")]
        case Flatten() | Reshape():
            return [say(known, shape=shape_text(shape), after=shape_text(row.output_shape))]
        case Dropout(rate=rate) | SpatialDropout2D(rate=rate):
            return [say(known, share=figures.percent(rate).replace(".00", ""))]
        case Activation(activation=activation):
            relu = activation == "relu"
            return [say("inside_layers.does.relu") if relu else say(known, activation=activation_name(activation))]
        case LeakyReLU(negative_slope=slope):
            return [say(known, slope=f"{slope:g}")]
        case ELU(alpha=alpha):
            return [say(known, alpha=f"{alpha:g}")]
        case ZeroPadding2D(padding=(rows, columns)):
            return [say(known, rows=rows, columns=columns)]
        case Rescaling(scale=scale, offset=offset):
            return [say(known, scale=f"{scale:g}", offset=f"{offset:g}")]
        case _:
            return [say(known)]


def _steps(window: Window) -> list[str]:
    """Sentences about strides and dilation where they are not 1."""
    texts = []
    if window.strides != (1, 1):
        texts.append(say("inside_layers.strides", strides=shape_text(window.strides)))
    if window.dilation != (1, 1):
        texts.append(say("inside_layers.dilation", dilation=shape_text(window.dilation)))
    return texts


def _counts(row: LayerRow) -> str:
    if not row.weights:
        return say("inside_layers.counts.nothing")
    total = f"{row.parameters:,}"
    if isinstance(row.layer, BatchNormalization):
        return say("inside_layers.counts.normalization", channels=row.input_shape[-1], total=total)
    parts = counts([row])
    weights = " + ".join(" × ".join(f"{factor:,}" for factor in part.factors) for part in parts)
    biases = f"{sum(part.biases for part in parts):,}"
    return say(
        f"inside_layers.counts.{'weights' if biases == '0' else 'biases'}", weights=weights, biases=biases, total=total
    )
