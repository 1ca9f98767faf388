"""How stable predictions are when the digit is shifted, rotated, thickened or covered with noise."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts.frame import picture_config
from core.charts.robustness import Line, robustness_figure
from core.explain.robustness import AMOUNTS, CHANGES, Change, accuracy, variants
from core.text import say
from pages.run.inside.compared import Compared, compared, test_digits
from pages.run.inside.head import Inside
from pages.run.inside.true_class import true_class
from pages.run.inside.view import InsideView
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset
from pages.state.theme import colors
from pages.state.url_state import bound

COUNT = 1_000
HEIGHT = 286


def robustness(inside: Inside, view: InsideView) -> None:
    """The true class's probability and the accuracy on many digits over the change, a line per run."""
    asked, others = st.columns([5, 7], vertical_alignment="top")
    with asked:
        st.segmented_control(
            say("robustness.change"),
            CHANGES,
            format_func=lambda name: say(f"robustness.changes.{name}"),
            required=True,
            **bound("change", view.change, first="default"),
        )
        label = true_class(inside)
    with others:
        runs = compared(inside, view)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(say("robustness.this_digit", label=label))
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
    lines = [Line(one.name, one.classifier.probabilities(images)[:, label].tolist()) for one in runs]
    st.container(height=HEIGHT, border=False).plotly_chart(
        robustness_figure(
            lines,
            AMOUNTS[change],
            x_title=say(f"robustness.unit.{change}"),
            y_title=say("robustness.probability", label=label),
            pictures=np.round(images * 255).astype(np.uint8),
            colors=colors(),
            height=HEIGHT,
        ),
        key="robustness.digit",
        config=picture_config("one-digit-changed"),
        alt=say("robustness.digit_alt", label=label),
    )


def _many_digits(inside: Inside, change: Change, runs: Sequence[Compared]) -> None:
    data = dataset(test_digits(inside.run))
    if data is None:
        st.caption(say("robustness.no_digits"))
        return
    known = _measured()
    images, labels = data.test_images[:COUNT], data.test_labels[:COUNT]
    if not all((written(one), change, amount) in known for one in runs for amount in AMOUNTS[change]):
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
        place = st.container(height=HEIGHT, border=False)  # reserve the space while the chart loads
    lines = [Line(one.name, [known[written(one), change, amount] for amount in AMOUNTS[change]]) for one in runs]
    place.plotly_chart(
        robustness_figure(
            lines,
            AMOUNTS[change],
            x_title=say(f"robustness.unit.{change}"),
            y_title=say("robustness.accuracy"),
            pictures=None,
            colors=colors(),
            height=HEIGHT,
        ),
        key="robustness.many",
        config=picture_config("many-digits-changed"),
        alt=say("robustness.many_alt", count=f"{len(labels):,}"),
    )


def _measure(
    place: st.delta_generator.DeltaGenerator,
    known: dict[tuple[str, Change, float], float],
    change: Change,
    runs: Sequence[Compared],
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
) -> None:
    digits = images.astype(np.float32) / np.float32(255)
    amounts = AMOUNTS[change]
    for one in runs:
        for done, amount in enumerate(amounts):
            text = say("robustness.measuring", name=plain_text(one.name), done=done, all=len(amounts))
            place.progress(done / len(amounts), text)
            if (written(one), change, amount) not in known:
                share = accuracy(one.classifier.probabilities, digits, labels, change, amount)
                known[written(one), change, amount] = share


@st.cache_resource(show_spinner=False)
def _measured() -> dict[tuple[str, Change, float], float]:
    """The accuracies measured since the server started."""
    return {}


def written(one: Compared | Inside) -> str:
    """Identifies a network's weights: a resumed run may write an epoch again."""
    path = one.run.folder.weights(one.classifier.epoch)
    return f"{path} {path.stat().st_mtime_ns if path.exists() else 0}"
