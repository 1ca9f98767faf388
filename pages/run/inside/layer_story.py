"""A layer in words: what it does, and its parameters."""

import streamlit as st

from core import formatting as figures
from core.config.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten, LayerRow, Pooling, Shape
from core.explain.flow import input_shape
from core.text import say
from pages.run.inside.head import Inside
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


def layer_story(inside: Inside, row: LayerRow) -> None:
    """What the layer does in a sentence, and the arithmetic of its parameters."""
    shape = input_shape(inside.table, row.layer.name)
    st.caption(f"**{row.layer.name}** · {_does(row, shape)} {_counts(row, shape)}.")


def _does(row: LayerRow, shape: Shape) -> str:
    match row.layer:
        case Conv2D(filters=filters, kernel_size=side):
            return say("inside_layers.does.convolution", filters=filters, side=side, channels=shape[-1])
        case Pooling(kind=kind):
            return say(f"inside_layers.does.{kind}")
        case Dense(units=units, activation="softmax"):
            return say("inside_layers.does.softmax", units=units, inputs=f"{shape[0]:,}")
        case Dense(units=units):
            return say("inside_layers.does.dense", units=units, inputs=f"{shape[0]:,}")
        case Flatten():
            return say("inside_layers.does.flatten", shape=shape_text(shape), count=f"{row.output_shape[0]:,}")
        case Dropout(rate=rate):
            return say("inside_layers.does.dropout", share=figures.percent(rate).replace(".00", ""))
        case BatchNormalization():
            return say("inside_layers.does.normalization")
        case Activation(activation=activation):
            known = activation if activation == "relu" else "activation"
            return say(f"inside_layers.does.{known}", activation=activation)


def _counts(row: LayerRow, shape: Shape) -> str:
    total = f"{row.parameters:,}"
    match row.layer:
        case Conv2D(filters=filters, kernel_size=side):
            return say("inside_layers.counts.convolution", side=side, channels=shape[-1], filters=filters, total=total)
        case Dense(units=units):
            inputs = " × ".join(map(str, shape))
            return say("inside_layers.counts.dense", inputs=inputs, units=units, total=total)
        case BatchNormalization():
            return say("inside_layers.counts.normalization", channels=shape[-1], total=total)
        case _:
            return say("inside_layers.counts.nothing")
