"""How stable predictions are when the digit is shifted, rotated, thickened or covered with noise."""

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.array_types import Bytes
from core.charts.robustness import robustness_figure
from core.explain.robustness import AMOUNTS, CHANGES, Change, accuracy, variants
from core.text import say
from pages.run.inside.compared import Compared, compared, test_digits
from pages.run.inside.head import Inside, true_class
from pages.run.inside.view import InsideView
from pages.shared.networks import Stamp
from pages.state.plain_text import literal, plain_text
from pages.state.server_state import dataset
from pages.state.theme import colors
from pages.widgets.chart import chart
from pages.widgets.switch import switch

COUNT = 1_000
HEIGHT = 286


def robustness(inside: Inside, view: InsideView) -> None:
    """The true class's probability and the accuracy on many digits over the change, a line per run."""
    asked, others = st.columns([5, 7], vertical_alignment="top")
    with asked:
        switch(
            "change",
            view.change,
            CHANGES if inside.data.is_digits else [each for each in CHANGES if each != "thickness"],
            say("robustness.change"),
            lambda name: say(f"robustness.changes.{name}"),
            visible_label=True,
        )
        label = true_class(inside)
    with others:
        runs = compared(inside, view)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(say("robustness.this_digit", label=literal(inside.data.classes[label])))
        _this_digit(inside, view.change, label, runs)
    with right:
        st.markdown(say("robustness.many", count=f"{COUNT:,}"))
        _many_digits(inside, view.change, runs)
    without = next((one for one in runs if not one.pools), None)
    pooled = next((one for one in runs if one.pools), None)
    if pooled and without:
        st.caption(say("robustness.caveat", name=plain_text(pooled.name), other=plain_text(without.name)))


def _this_digit(inside: Inside, change: Change, label: int, runs: Sequence[Compared]) -> None:
    images = variants(inside.image, change)
    lines = [(one.name, one.classifier.probabilities(images)[:, label].tolist()) for one in runs]
    _chart(
        st.container(),
        "one-digit-changed",
        lines,
        change,
        y_title=say("robustness.probability", label=html.escape(inside.data.classes[label])),
        pictures=np.round(images * 255).astype(np.uint8),
        alt=say("robustness.digit_alt", label=inside.data.classes[label]),
        ink=inside.data.is_digits,
    )


def _many_digits(inside: Inside, change: Change, runs: Sequence[Compared]) -> None:
    data = dataset(test_digits(inside.run))
    if data is None:
        st.caption(say("robustness.no_digits"))
        return
    known = _measured()
    images, labels = data.test_images[:COUNT], data.test_labels[:COUNT]
    if not all((one.stamp, change, amount) in known for one in runs for amount in AMOUNTS[change]):
        place = st.empty()
        if not place.button(
            say("robustness.measure", count=f"{len(labels):,}"),
            key="robustness.measure",
            icon=":material/speed:",
            help=say("robustness.measure_help"),
        ):
            return
        # each result is kept at once: an interrupted measurement continues from there
        _measure(place, known, change, runs, images, labels)
    else:
        place = st.container()
    lines = [(one.name, [known[one.stamp, change, amount] for amount in AMOUNTS[change]]) for one in runs]
    alt = say("robustness.many_alt", count=f"{len(labels):,}")
    _chart(place, "many-digits-changed", lines, change, y_title=say("robustness.accuracy"), alt=alt)


def _chart(
    place: st.delta_generator.DeltaGenerator,
    name: str,
    lines: Sequence[tuple[str, Sequence[float]]],
    change: Change,
    *,
    y_title: str,
    alt: str,
    pictures: Bytes | None = None,
    ink: bool = True,
) -> None:
    figure = robustness_figure(
        lines,
        AMOUNTS[change],
        x_title=say(f"robustness.unit.{change}"),
        y_title=y_title,
        pictures=pictures,
        ink=ink,
        colors=colors(),
        height=HEIGHT,
    )
    with place.container():
        chart(f"robustness.{name}", figure, name=name, alt=alt)


def _measure(
    place: st.delta_generator.DeltaGenerator,
    known: dict[tuple[Stamp, Change, float], float],
    change: Change,
    runs: Sequence[Compared],
    images: Bytes,
    labels: Bytes,
) -> None:
    digits = images.astype(np.float32) / np.float32(255)
    amounts = AMOUNTS[change]
    for one in runs:
        for done, amount in enumerate(amounts):
            text = say("robustness.measuring", name=plain_text(one.name), done=done, all=len(amounts))
            place.progress(done / len(amounts), text)
            if (one.stamp, change, amount) not in known:
                share = accuracy(one.classifier.probabilities, digits, labels, change, amount)
                known[one.stamp, change, amount] = share


@st.cache_resource(show_spinner=False)
def _measured() -> dict[tuple[Stamp, Change, float], float]:
    """The accuracies measured since the server started."""
    return {}
