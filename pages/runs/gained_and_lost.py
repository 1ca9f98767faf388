"""Two runs, or two epochs of one run: the digits that the second gets right or wrong instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.analysis.answers import Answers
from core.analysis.comparison import compare, matrix_difference
from core.array_types import Bytes, Indices
from core.charts.cells import matrix_height
from core.charts.difference import difference_figure
from core.charts.run_curves import letter
from core.config.datasets import DataDescription
from core.errors import UnreadableRun
from core.runs.entries import Run
from core.runs.epochs import nearest_epoch
from core.runs.predictions import Part, parts, predicted_epochs, same_digits
from core.text import say
from pages.runs.view import RunsView
from pages.shared.digit_images import images_for
from pages.shared.known_classes import known_classes
from pages.shared.offered_runs import as_option
from pages.state.page_links import go
from pages.state.plain_text import plain_text
from pages.state.server_state import answers
from pages.state.theme import colors
from pages.state.url_state import bound, change
from pages.widgets.clickable_chart import class_picker, clickable_chart
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.note import note

SHOWN = 24
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two: its run, the letter that the page calls it by, and the epoch's field in the link."""

    run: Run
    letter: str
    field: str


def gained_and_lost(view: RunsView, runs: Sequence[Run]) -> None:
    """Two of these runs, or two epochs of the only one: McNemar's test in a sentence, and the changed digits."""
    if len(runs) == 1:
        st.subheader(say("difference.title_epochs"), anchor=False)
        before, after = _Side(runs[0], "A", "epoch_a"), _Side(runs[0], "B", "epoch_b")
    else:
        st.subheader(say("difference.title"), anchor=False)
        before, after = _pair(view, runs)
    _compared(view, before, after)


def _pair(view: RunsView, runs: Sequence[Run]) -> tuple[_Side, _Side]:
    """The two runs to compare, with pickers where there are more."""
    ids = [run.id for run in runs]
    first = view.run_a if view.run_a in ids else ids[0]
    second = view.run_b if view.run_b in ids and view.run_b != first else next(one for one in ids if one != first)
    if len(runs) > 2:
        names = {
            run.id: as_option(say("run_curves.run", letters=letter(i), name=run.name)) for i, run in enumerate(runs)
        }
        cells = {"diff_true": None, "diff_predicted": None}
        with st.grid(2, min_column_width=320):
            for field, chosen, other in (("run_b", second, first), ("run_a", first, second)):
                offered = [run_id for run_id in ids if run_id != other]
                st.selectbox(
                    say(f"difference.{field}"),
                    offered,
                    format_func=names.__getitem__,
                    **bound(
                        field,
                        chosen,
                        first="index",
                        options=offered,
                        labels=[names[run_id] for run_id in offered],
                        also={f"epoch_{field[-1]}": "best", **cells},
                    ),
                )
    by_id = {run.id: (run, letter(place)) for place, run in enumerate(runs)}
    return _Side(*by_id[first], "epoch_a"), _Side(*by_id[second], "epoch_b")


def _compared(view: RunsView, one: _Side, other: _Side) -> None:
    a, b = one.run, other.run
    part: Part = "validation" if view.images == "validation" else "test"
    if part not in (*parts(a.manifest.config), *parts(b.manifest.config)):
        part = "test"
    if not same_digits(a.manifest, b.manifest, part):
        note(say("difference.other_digits"), icon="compare_arrows")
        return
    epochs = []
    for column, side in zip(st.columns(2, gap="large"), (one, other), strict=True):
        with column:
            epochs.append(_epoch(view, side, alone=a.id == b.id))
    if epochs[0] is None or epochs[1] is None:
        note(say("difference.no_predictions"), icon="compare_arrows")
        return
    try:
        before, after = answers(a, epochs[0], part), answers(b, epochs[1], part)
    except UnreadableRun as error:
        note(plain_text(error.message))
        return
    if not np.array_equal(before.labels, after.labels):
        note(say("difference.other_digits"), icon="compare_arrows")
        return
    _differences(view, (one, other), epochs[1], part, before, after)


def _epoch(view: RunsView, side: _Side, *, alone: bool) -> int | None:
    run, name = side.run, side.field
    epochs = predicted_epochs(run.folder)
    if not epochs:
        return None
    wanted = getattr(view, name)
    if alone and name == "epoch_a" and wanted == "best":
        # for a single run, compare with its first trained epoch
        wanted = epochs[1] if epochs[0] == 0 and len(epochs) > 2 else epochs[0]
    epoch, exact = nearest_epoch(wanted, epochs, run.status.best_epoch)
    if not exact:
        note(say("looking.no_epoch", wanted=wanted, epoch=epoch))
    if len(epochs) > 1:
        label = say("difference.epoch_of", letter=side.letter, name=plain_text(run.name, longest=60))
        st.select_slider(label, epochs, **bound(name, epoch, options=epochs))
    else:
        st.caption(say("difference.one_epoch", letter=side.letter, epoch=epoch))
    return epoch


def _differences(
    view: RunsView, sides: tuple[_Side, _Side], epoch: int, part: Part, before: Answers, after: Answers
) -> None:
    b = sides[1].run
    classes = b.manifest.config.data.classes
    view = known_classes(view, len(classes), "diff_true", "diff_predicted")
    named = {"a": sides[0].letter, "b": sides[1].letter}
    found = compare(before, after)
    gained, lost = len(found.gained), len(found.lost)
    verdict = "differ" if found.p_value < SIGNIFICANT else "may_not_differ"
    if gained + lost == 0:
        verdict = "same"
    st.markdown(
        say(f"difference.{verdict}", **named, gained=gained, lost=lost, p=_p(found.p_value)),
        help=say("difference.mcnemar"),
    )
    st.caption(say("difference.errors", **named, a_errors=before.errors, b_errors=after.errors, both=found.both_wrong))
    left, right = st.columns([6, 5], gap="large")
    with left:
        clickable_chart(
            "difference",
            difference_figure(
                matrix_difference(before, after),
                classes=classes,
                colors=colors(),
                height=matrix_height(classes),
                chosen=(view.diff_true, view.diff_predicted)
                if view.diff_true is not None and view.diff_predicted is not None
                else None,
            ),
            alt=say("difference.alt", **named, gained=gained, lost=lost),
            on_choose=lambda true, predicted: change(diff_true=true, diff_predicted=predicted),
        )
    with right:
        with st.container(horizontal=True):
            class_picker("diff_true", view.diff_true, classes)
            class_picker("diff_predicted", view.diff_predicted, classes)
        images = images_for(b.manifest.config, part, after)
        opened = {"run": b.id, "epoch": epoch, "images": part, "show": "mistakes"}
        for name, indices in (("gained", found.gained), ("lost", found.lost)):
            _sheet(
                name,
                _of_cell(indices, view, before, after),
                images,
                before,
                after,
                named,
                opened,
                b.manifest.config.data,
            )


def _sheet(
    name: str,
    indices: Indices,
    images: Bytes | None,
    before: Answers,
    after: Answers,
    named: dict[str, str],
    opened: dict[str, Any],
    data: DataDescription,
) -> None:
    """Fixed or lost digits with the predictions of A and B; a click opens a digit in B's mistakes."""
    count = len(indices)
    title = say(f"difference.{name}", count=count)
    st.markdown(f"**{title}**", help=say(f"difference.{name}_help", **named))
    if images is None or not count:
        return
    shown, classes, ink = indices[:SHOWN], data.classes, data.is_digits
    digits = [
        SheetDigit(
            index=int(index),
            caption=say(
                "difference.read",
                **named,
                a_read=classes[int(before.predicted[index])],
                b_read=classes[int(after.predicted[index])],
            ),
            detail=say("difference.is", label=classes[int(after.labels[index])]),
            wrong=name == "lost",
        )
        for index in shown
    ]
    digit_sheet(
        f"difference.{name}",
        images[shown],
        digits,
        alt=title,
        ink=ink,
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
