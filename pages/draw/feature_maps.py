"""The feature maps of a model's first convolutions."""

import numpy as np
import streamlit as st
from PIL import Image

from core.array_types import Bytes, Floats
from core.config.convolutions import Conv2D
from core.runs.weights import weighted_epochs
from core.text import say
from pages.draw.readers import Model
from pages.draw.view import DrawView
from pages.state.page_links import page_link
from pages.state.url_state import TAB, view_now
from pages.widgets.digit_sheet import SheetDigit, digit_sheet

LAYERS = 2
MOST = 48


def feature_maps(digit: Floats, model: Model) -> None:
    """Feature maps for a digit, float32 (28, 28), if the model has convolutions, and a link to Inside."""
    layers = [layer.name for layer in model.classifier.config.all_layers if isinstance(layer, Conv2D)][:LAYERS]
    if not layers:
        _link_inside(model)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(say("maps.title"), anchor=False, help=say("maps.help"), width="content")
        _link_inside(model)
    activations = model.classifier.activations(digit)
    for column, name in zip(st.columns(len(layers), gap="large"), layers, strict=True):
        maps = activations[name]
        height, width, count = maps.shape
        with column:
            text = say("maps.layer", name=name, count=count, height=height, width=width)
            st.caption(text)
            shown = _pictures(maps)[:MOST]
            numbered = [SheetDigit(place, str(place + 1)) for place in range(len(shown))]
            digit_sheet(f"maps.{name}", shown, numbered, alt=text, size=42)


def _link_inside(model: Model) -> None:
    """A link to this digit in this model on Inside, if the model's weights are stored."""
    if weighted_epochs(model.run.folder):
        view = view_now(DrawView)
        digit = {"digit": str(view.index)} if view.source == "test" else {"subject": "drawing"}
        page_link(
            "run",
            say("inside_layers.look_inside"),
            icon="neurology",
            parameters={TAB: "inside", **digit, "run": model.run.id, "epoch": str(model.epoch)},
        )


def _pictures(maps: Floats) -> Bytes:
    """Maps (h, w, n) as uint8 (n, 28, 28), scaled from 0 to the layer's maximum."""
    bright = np.clip(maps, 0, None) / max(float(maps.max()), 1e-6)
    gray = np.round(255 * np.moveaxis(bright, 2, 0)).astype(np.uint8)
    return np.stack([np.asarray(Image.fromarray(one).resize((28, 28), Image.Resampling.NEAREST)) for one in gray])
