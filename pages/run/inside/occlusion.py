"""Occlusion: cover the digit patch by patch, and see where its probability drops."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core import formatting as figures
from core.array_types import Floats
from core.charts.occlusion import occlusion_figure
from core.explain.occlusion import Occlusion, cover, quick_step
from core.explain.occlusion import occlusion as cover_all
from core.inference.classifier import Classifier
from core.text import say, sentences
from pages.run.inside.head import Inside, true_class
from pages.run.inside.view import InsideView
from pages.shared.networks import Stamp
from pages.state.plain_text import literal
from pages.state.theme import colors
from pages.state.url_state import bound, change
from pages.widgets.clickable_chart import clickable_chart
from pages.widgets.digit_picture import one_digit

HEIGHT = 322
_SIDE = 140


def occlusion(inside: Inside, view: InsideView) -> None:
    """The occlusion map, and the digit covered at the chosen place."""
    step, classes = quick_step(inside.table), inside.data.classes
    left, right = st.columns([10, 9], gap="medium")
    with right:
        label = true_class(inside)
        st.slider(
            say("occlusion.patch"),
            2,
            14,
            help=f"{say('occlusion.patch_help')}\n\n{say('occlusion.place_help')}",
            **bound("patch", view.patch),
        )
    found = _found(inside.stamp, inside.image.tobytes(), inside.image.shape, view.patch, step, inside.classifier)
    place = _place(view, found, label)
    with left:
        clickable_chart(
            "occlusion",
            occlusion_figure(
                found,
                inside.image,
                classes=classes,
                ink=inside.data.is_digits,
                label=label,
                chosen=place,
                colors=colors(),
                height=HEIGHT,
            ),
            alt=say("occlusion.alt", label=classes[label], told=_worst(found, label, classes)),
            on_choose=lambda row, column: change(layer="", row=row * step, column=column * step),
        )
        coarse = [say("occlusion.coarse", step=step)] if step > 1 else []
        st.caption(sentences([say("occlusion.read", label=literal(classes[label])), *coarse]))
    with right:
        _chosen(inside, found, label, place)


def _chosen(inside: Inside, found: Occlusion, label: int, place: tuple[int, int]) -> None:
    """The chosen place in numbers, and the digit covered there."""
    classes = [literal(name) for name in inside.data.classes]
    st.markdown(_worst(found, label, classes))
    pickers, picture = st.columns([4, 5], gap="medium")
    after = found.covered[place]
    with pickers:
        pixels = {"row": place[0] * found.step, "column": place[1] * found.step}
        for name, side in zip(("row", "column"), inside.image.shape[:2], strict=True):
            st.number_input(
                say(f"occlusion.{name}"),
                0,
                side - 1,
                step=found.step,
                **bound(name, pixels[name], options=(found.step,), also={"layer": "", **pixels}),
            )
        st.button(
            say("occlusion.find"),
            key="occlusion.find",
            icon=":material/my_location:",
            type="tertiary",
            disabled=place == found.worst(label),
            on_click=lambda: change(layer="", row=None, column=None),
        )
    with picture:
        covered = cover(inside.image, place, patch=found.patch, step=found.step)
        alt = say("occlusion.covered_alt", row=pixels["row"], column=pixels["column"])
        one_digit(
            "occlusion.covered",
            np.round(covered * 255).astype(np.uint8),
            size=_SIDE,
            alt=alt,
            ink=inside.data.is_digits,
        )
    st.markdown(
        say(
            "occlusion.here",
            label=classes[label],
            before=figures.probability(float(found.whole[label])),
            after=figures.probability(float(after[label])),
            predicted=classes[int(after.argmax())],
            confidence=figures.probability(float(after.max())),
        )
    )


def _worst(found: Occlusion, label: int, classes: Sequence[str]) -> str:
    row, column = found.worst(label)
    after = found.covered[row, column]
    values = {
        "label": classes[label],
        "before": figures.probability(float(found.whole[label])),
        "after": figures.probability(float(after[label])),
        "row": row * found.step,
        "column": column * found.step,
        "predicted": classes[int(after.argmax())],
    }
    if found.change(label)[row, column] > -0.01:
        return say("occlusion.nowhere", **values)
    return say("occlusion.worst_same" if after.argmax() == found.whole.argmax() else "occlusion.worst", **values)


def _place(view: InsideView, found: Occlusion, label: int) -> tuple[int, int]:
    """The chosen place of the grid, by default the one with the biggest drop."""
    row, column = found.worst(label)
    # in a link with a layer, row and column belong to that layer, whose maps may be larger than the digit
    if view.row is not None and not view.layer:
        row = min(view.row // found.step, found.covered.shape[0] - 1)
    if view.column is not None and not view.layer:
        column = min(view.column // found.step, found.covered.shape[1] - 1)
    return row, column


@st.cache_resource(max_entries=128, show_spinner=False)
def _found(
    stamp: Stamp,  # noqa: ARG001 the cache key
    image: bytes,
    shape: tuple[int, ...],
    patch: int,
    step: int,
    _classifier: Classifier,
) -> Occlusion:
    digit: Floats = np.frombuffer(image, np.float32).reshape(shape)
    return cover_all(_classifier.probabilities, digit, patch=patch, step=step)
