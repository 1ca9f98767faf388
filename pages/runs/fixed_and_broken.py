"""Two runs, or two epochs of one run: the digits that the second gets right or wrong instead."""

from typing import Any

import numpy as np
import streamlit as st

from core.analysis.answers import Answers
from core.analysis.comparison import compare, matrix_difference
from core.array_types import Bytes, Indices
from core.charts.difference import difference_figure
from core.errors import UnreadableRun
from core.runs.epochs import nearest_epoch
from core.runs.predictions import Part, parts, predicted_epochs, same_digits
from core.runs.store import Run
from core.text import say
from pages.runs.view import RunsView
from pages.shared.digit_images import images_for
from pages.state.page_links import go
from pages.state.plain_text import plain_text
from pages.state.server_state import answers
from pages.state.theme import colors
from pages.state.url_state import bound, change
from pages.widgets.clickable_chart import class_picker, clickable_chart
from pages.widgets.digit_sheet import SheetDigit, digit_sheet

HEIGHT = 420
SHOWN = 24
SIGNIFICANT = 0.05


def fixed_and_broken(view: RunsView, a: Run, b: Run) -> None:
    """McNemar's test in a sentence, the difference of the confusion matrices, and the changed digits."""
    st.subheader(say("difference.title_epochs" if a.id == b.id else "difference.title"), anchor=False)
    part: Part = "validation" if view.images == "validation" else "test"
    if part not in (*parts(a.manifest.config), *parts(b.manifest.config)):
        part = "test"
    if not same_digits(a.manifest, b.manifest, part):
        st.info(say("difference.other_digits"), icon=":material/compare_arrows:")
        return
    epochs = []
    for column, name, run in zip(st.columns(2, gap="large"), ("epoch_a", "epoch_b"), (a, b), strict=True):
        with column:
            epochs.append(_epoch(view, name, run, alone=a.id == b.id))
    if epochs[0] is None or epochs[1] is None:
        st.info(say("difference.no_predictions"))
        return
    try:
        before, after = answers(a, epochs[0], part), answers(b, epochs[1], part)
    except UnreadableRun as error:
        st.error(plain_text(error.message))
        return
    if not np.array_equal(before.labels, after.labels):
        st.info(say("difference.other_digits"), icon=":material/compare_arrows:")
        return
    _differences(view, b, epochs[1], part, before, after)


def _epoch(view: RunsView, name: str, run: Run, *, alone: bool) -> int | None:
    epochs = predicted_epochs(run.folder)
    if not epochs:
        return None
    wanted = getattr(view, name)
    if alone and name == "epoch_a" and wanted == "best":
        # for a single run, compare with its first trained epoch
        wanted = epochs[1] if epochs[0] == 0 and len(epochs) > 2 else epochs[0]
    epoch, exact = nearest_epoch(wanted, epochs, run.status.best_epoch)
    if not exact:
        st.warning(say("looking.no_epoch", wanted=wanted, epoch=epoch))
    letter = name[-1].upper()
    if len(epochs) > 1:
        label = say("difference.epoch_of", letter=letter, name=plain_text(run.name, longest=60))
        st.select_slider(label, epochs, **bound(name, epoch, options=epochs))
    else:
        st.caption(say("difference.one_epoch", letter=letter, epoch=epoch))
    return epoch


def _differences(view: RunsView, b: Run, epoch: int, part: Part, before: Answers, after: Answers) -> None:
    found = compare(before, after)
    fixed, broken = len(found.fixed), len(found.broken)
    verdict = "differ" if found.p_value < SIGNIFICANT else "may_not_differ"
    if fixed + broken == 0:
        verdict = "same"
    st.markdown(
        say(f"difference.{verdict}", fixed=fixed, broken=broken, p=_p(found.p_value)), help=say("difference.mcnemar")
    )
    st.caption(say("difference.errors", a=before.errors, b=after.errors, both=found.both_wrong))
    left, right = st.columns([6, 5], gap="large")
    with left:
        clickable_chart(
            "difference",
            difference_figure(
                matrix_difference(before, after),
                colors=colors(),
                height=HEIGHT,
                chosen=(view.diff_true, view.diff_predicted)
                if view.diff_true is not None and view.diff_predicted is not None
                else None,
            ),
            alt=say("difference.alt", fixed=fixed, broken=broken),
            on_choose=lambda true, predicted: change(diff_true=true, diff_predicted=predicted),
        )
    with right:
        with st.container(horizontal=True):
            class_picker("diff_true", view.diff_true)
            class_picker("diff_predicted", view.diff_predicted)
        images = images_for(b.manifest.config, part, after)
        opened = {"run": b.id, "epoch": epoch, "images": part, "show": "mistakes"}
        for name, indices in (("fixed", found.fixed), ("broken", found.broken)):
            _sheet(name, _of_cell(indices, view, before, after), images, before, after, opened)


def _sheet(
    name: str, indices: Indices, images: Bytes | None, before: Answers, after: Answers, opened: dict[str, Any]
) -> None:
    """Fixed or broken digits with the predictions of A and B; a click opens a digit in B's mistakes."""
    count = len(indices)
    title = say(f"difference.{name}", count=count)
    st.markdown(f"**{title}**", help=say(f"difference.{name}_help"))
    if images is None or not count:
        return
    shown = indices[:SHOWN]
    digits = [
        SheetDigit(
            index=int(index),
            caption=say("difference.read", a=int(before.predicted[index]), b=int(after.predicted[index])),
            detail=say("difference.is", label=int(after.labels[index])),
            wrong=name == "broken",
        )
        for index in shown
    ]
    digit_sheet(
        f"difference.{name}",
        images[shown],
        digits,
        alt=title,
        on_choose=lambda index: go("mistakes", digit=index, **opened),
    )
    if count > SHOWN:
        st.caption(say("difference.more", count=count - SHOWN))


def _p(value: float) -> str:
    return say("difference.tiny") if value < 0.001 else say("difference.p", p=f"{value:.2g}")


def _of_cell(indices: Indices, view: RunsView, before: Answers, after: Answers) -> Indices:
    """The digits in the chosen cell, which may be predicted so by either run."""
    keep = np.ones(len(indices), bool)
    if view.diff_true is not None:
        keep &= after.labels[indices] == view.diff_true
    if view.diff_predicted is not None:
        keep &= (before.predicted[indices] == view.diff_predicted) | (after.predicted[indices] == view.diff_predicted)
    return indices[keep]
