"""A map of digits on which those with similar features are close together."""

from functools import partial

import numpy as np
import streamlit as st

from core import formatting as figures
from core.array_types import Floats
from core.data.datasets import Dataset
from core.errors import DigitLabError, UnreadableRun
from core.explain.projection import DIGITS, Features, features, pca, projection_path, read_points
from core.explain.projection_jobs import MapJobs, MapProgress
from core.explain.weight_statistics import learning_layers
from core.runs.folder import RunFolder
from core.text import clause, say
from pages.run.inside.head import Inside
from pages.run.inside.view import InsideView
from pages.shared.networks import Stamp, weights_stamp
from pages.shared.shown_digits import shown_digits
from pages.state.background import ready, submit
from pages.state.plain_text import plain_text
from pages.state.theme import colors
from pages.state.tick import ticking
from pages.state.url_state import change
from pages.widgets.digit_map import digit_map
from pages.widgets.note import note
from pages.widgets.switch import switch

_HEIGHT = 392
_TICK_SECONDS = 0.5


def projection(inside: Inside, view: InsideView) -> None:
    """The map by PCA, or by t-SNE once that is ready; a click opens a digit."""
    digits = shown_digits(inside.run)
    if digits is None:
        st.caption(say("inside_map.no_digits"))
        return
    data = digits.data
    with st.container(horizontal=True, vertical_alignment="center", key="inside.map-head"):
        switch(
            "projection",
            view.projection,
            ["pca", "tsne"],
            say("inside_map.projection"),
            lambda name: say(f"inside_map.{name}"),
        )
        place = st.container(width="stretch")
    images = data.test_images[:DIGITS]
    answer = submit(("map", *inside.stamp, data.digest), partial(_prepared, inside.run.folder, inside.epoch, images))
    if not ready(answer):
        place.caption(say("inside_map.preparing", digits=digits.counted(len(images))))
        st.skeleton(height=_HEIGHT)
        return
    try:
        found, points, shares = answer.result()
        with place:
            arranged = _arranged(inside, data) if view.projection == "tsne" else None
    except DigitLabError as error:
        note(say("inside_map.unreadable", reason=plain_text(clause(error.message))))
        return
    labels = data.test_labels[: len(points)]
    wrong = int((found.predicted != labels).sum())
    if arranged is not None or view.projection == "pca":
        *_, layer, _ = ["", *learning_layers(inside.table)]
        caption = say("inside_map.caption", digits=digits.counted(len(points)), layer=layer, wrong=f"{wrong:,}")
        place.caption(caption, help=say("inside_map.help"))
    method = "pca" if arranged is None else "tsne"
    axes = [
        say("inside_map.axis", number=number, share=figures.percent(float(share)))
        for number, share in enumerate(shares, start=1)
    ]
    digit_map(
        f"inside.map.{method}",
        images[: len(points)],
        points if arranged is None else arranged,
        labels,
        found.predicted,
        classes=inside.data.classes,
        ink=inside.data.is_digits,
        chosen=None if view.subject == "drawing" else inside.subject.index,
        axes=(axes[0], axes[1]) if arranged is None else ("", ""),
        alt=say(
            "inside_map.alt",
            digits=digits.counted(len(points)),
            method=say(f"inside_map.{method}"),
            epoch=inside.epoch,
            wrong=wrong,
        ),
        colors=colors(),
        height=_HEIGHT,
        on_choose=lambda index: change(digit=index, subject="test"),
    )


def _prepared(folder: RunFolder, epoch: int, images: np.ndarray) -> tuple[Features, Floats, Floats]:
    found = features(folder, epoch, images)
    return found, *pca(found.values)


def _arranged(inside: Inside, data: Dataset) -> Floats | None:
    """The points by t-SNE; None, with a note, while they are computed or after that failed."""
    folder, epoch = inside.run.folder, inside.epoch
    if (kept := _kept(folder, epoch, data)) is not None:
        return kept
    progress = map_jobs().progress(folder, epoch, data.name)
    if progress.state == "made":
        if (kept := _checked(folder, epoch, data)) is not None:
            return kept
        progress = MapProgress("failed")
    if progress.state == "failed":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(say("inside_map.failed"), icon=":material/error:")
            st.button(
                say("inside_map.retry"),
                key="inside.map.retry",
                icon=":material/refresh:",
                type="tertiary",
                on_click=map_jobs().retry,
                args=(folder, epoch, data.name),
            )
    else:
        ticking(_progress, _TICK_SECONDS)(folder, epoch, data)
    return None


def _progress(folder: RunFolder, epoch: int, data: Dataset) -> None:
    progress = map_jobs().progress(folder, epoch, data.name)
    if progress.state in ("made", "failed"):
        if progress.state == "made":
            _checked(folder, epoch, data)
        st.rerun()
    count = f"{min(DIGITS, len(data.test_labels)):,}"
    st.progress(progress.share, say(f"inside_map.{progress.state}", count=count))


def _checked(folder: RunFolder, epoch: int, data: Dataset) -> Floats | None:
    """The map just computed; an unreadable one counts as failed, so that it is not computed again and again."""
    kept = _kept(folder, epoch, data)
    if kept is None:
        map_jobs().give_up(folder, epoch, data.name)
    return kept


@st.cache_resource
def map_jobs() -> MapJobs:
    """All t-SNE computations of this server."""
    return MapJobs()


def _kept(folder: RunFolder, epoch: int, data: Dataset) -> Floats | None:
    path = projection_path(folder, epoch)
    if not path.exists():
        return None
    return _read(str(path), path.stat().st_mtime_ns, weights_stamp(folder, epoch), folder, data)


@st.cache_resource(max_entries=16, show_spinner=False)
def _read(
    path: str,  # noqa: ARG001 the cache key
    written: int,  # noqa: ARG001 the cache key
    weights: Stamp,
    _folder: RunFolder,
    _data: Dataset,
) -> Floats | None:
    try:
        return read_points(_folder, weights[1], _data)
    except UnreadableRun:
        return None
