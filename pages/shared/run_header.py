"""The header of a run's page: the run, and for the tabs that need them its epoch and digits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import formatting as figures
from core.analysis.answers import Answers
from core.errors import UnreadableRun
from core.runs.entries import DamagedRun, Run
from core.runs.epochs import nearest_epoch
from core.runs.predictions import Part, dataset_of, parts, predicted_epochs
from core.runs.status import ACTIVE, Status
from core.text import clause, fitted, say
from pages.shared.model_facts import model_caption
from pages.shared.offered_runs import Offered, as_option, offered_runs, told_apart
from pages.state.address import imply
from pages.state.link_problems import link_problem
from pages.state.page_links import page_link, run_links
from pages.state.plain_text import plain_text
from pages.state.server_state import answers, is_available, look
from pages.state.shortcuts import NEXT_EPOCH, PREVIOUS_EPOCH
from pages.state.tick import ticking
from pages.state.url_state import bound, change, view_now
from pages.state.view import AnswersView, RunView
from pages.widgets.note import note
from pages.widgets.switch import switch
from pages.widgets.train_first import train_first
from pages.widgets.turn_buttons import turn_buttons

TICK_SECONDS = 2.0
_SHOWN = "looking.run"
_LONGEST_TITLE, _LONGEST_END = 24, 18
"""Columns for which a phone has room: of a name, and of what stays of one that is cut before."""
_CUT_END = 8
"""Characters that stay of a name without parts."""


@dataclass(frozen=True)
class Looked:
    """A run and one of its epochs, with its predictions after that epoch."""

    run: Run
    epochs: tuple[int, ...]
    epoch: int
    part: Part
    answers: Answers

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, by label."""
        return self.run.manifest.config.data.classes

    @property
    def ink(self) -> bool:
        """Whether the images are of ink on paper."""
        return self.run.manifest.config.data.is_digits

    @property
    def optimistic(self) -> bool:
        """Whether the best epoch was chosen by these digits."""
        return self.part == "validation" or self.run.manifest.config.validation == "test"


@dataclass(frozen=True)
class Head:
    """The run that the header shows, and its free places, for the open tab's own choices."""

    run: Run
    middle: DeltaGenerator
    right: DeltaGenerator


def run_head(view: RunView) -> Head | None:
    """Draw the header; returns its choice, or None, with a note, if there is no run."""
    runs, linked = look().runs, view.run
    if not runs:
        train_first(say("looking.no_run"))
        return None
    damaged = next((run for run in look().entries if run.id == linked and isinstance(run, DamagedRun)), None)
    if damaged is not None:
        text = say("watch.unreadable", id=plain_text(linked), reason=plain_text(clause(damaged.problem)))
        with note(text, icon="error"):
            page_link("runs", say("note.runs"), icon="table_rows")
        linked = ""
    with st.container(key="run.head"):
        pick, middle, right = st.columns([10, 11, 5], vertical_alignment="top")
        with pick, st.container(key="run.pick", gap=None):
            title = st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="run.title")
            offered = offered_now(linked, runs)
            run = pick_run(linked, offered.runs, labelled=False)
        with title:
            page_link("runs", say("pages.runs"))
            st.title(run_title(run.name), anchor=False, help=offered.others)
    imply("run", run=run.id)
    return Head(run, middle, right)


def run_title(name: str) -> str:
    """A name as Markdown; a long one in two parts, of which frame.css cuts the first where a screen has no room."""
    shown = plain_text(name)
    if fitted(name, _LONGEST_TITLE) == name:
        return shown
    head, dot, end = shown.rpartition(" · ")
    if not head or fitted(end, _LONGEST_END) != end:
        letters = re.findall(r"\\?.", shown)
        head, dot, end = "".join(letters[:-_CUT_END]), "", "".join(letters[-_CUT_END:])
    return f":small[{head}]:small[{dot}{end}]"


def looked_at(run: Run, view: AnswersView, head: Head, *, pickers: bool = True) -> Looked | None:
    """Draw the pickers of epoch and digits and return their choice; None, with a note, if there is nothing to show.

    Without `pickers`, the choice is that of the link: for what depends on neither.
    """
    epochs = predicted_epochs(run.folder)
    _follow(run, epochs)
    if not epochs:
        if not run.manifest.has_network:
            key = "recording.no_network" if run.manifest.recorded else "logs.no_network"
            st.info(say(key), icon=":material/description:")
            return None
        with note(_why_none(run), icon="hourglass"):
            run_links(run, "curves")
        return None
    wanted, offered = "best" if view.run not in ("", run.id) else view.epoch, parts(run.manifest.config)
    epoch, part = nearest_epoch(wanted, epochs, run.status.best_epoch)[0], _nearest_part(view, offered)
    if pickers:
        with head.middle:
            pick_epoch(wanted, run, epochs)
        with head.right:
            _pick_part(view, offered)
    try:
        return Looked(run, epochs, epoch, part, answers(run, epoch, part))
    except UnreadableRun as error:
        unreadable_epoch(
            say("looking.unreadable", epoch=epoch, reason=plain_text(clause(error.message))), run, epoch, epochs
        )
        return None


def _why_none(run: Run) -> str:
    """Why a run has no predictions."""
    if run.status.state not in ACTIVE:
        return say("looking.no_predictions")
    return say("recording.awaited" if run.manifest.recorded else "looking.waiting")


def unreadable_epoch(text: str, run: Run, epoch: int, epochs: Sequence[int]) -> None:
    """A note that this epoch cannot be shown, with a button to the best of the others, or to the last of them."""
    with note(text, icon="error"):
        if others := [other for other in epochs if other != epoch]:
            near = nearest_epoch("best", others, run.status.best_epoch)[0]
            st.button(say("note.epoch", epoch=near), key="looking.other", on_click=change, kwargs={"epoch": near})


def run_labels(runs: Iterable[Run]) -> dict[str, str]:
    """What pickers call these runs, by id: the whole name, which frame.css cuts where it has no room, and accuracy."""
    return {run_id: as_option(label) for run_id, label in told_apart(runs, _label).items()}


def _label(run: Run) -> str:
    key = "looking.label_shipped" if run.shipped else "looking.label"
    return say(key, name=run.name, accuracy=figures.percent(run.status.test_accuracy))


def offered_now(run_id: str, runs: Sequence[Run]) -> Offered[Run]:
    """The runs that a picker offers, including the one with this id."""
    return offered_runs(runs, {run_id, st.session_state.get(_SHOWN, "")})


def pick_run(
    linked: str, runs: Sequence[Run], *, others: str | None = None, part: Part = "test", labelled: bool = True
) -> Run:
    """Draw a picker and return its run: the linked one, else the last one shown, else one with images of this part.

    `others` is a sentence on the runs not offered.
    """
    by_id = {run.id: run for run in runs}
    if linked and linked not in by_id:
        link_problem(say("looking.not_here", id=plain_text(linked, longest=60)))
    # a newer run does not replace the one shown before
    known = next((run_id for run_id in (linked, st.session_state.get(_SHOWN)) if run_id in by_id), None)
    wanted = st.session_state[_SHOWN] = known or _first(runs, part).id
    labels = run_labels(runs)

    def change_of(run_id: str) -> dict[str, Any]:
        kept = {} if view_now(AnswersView).images in parts(by_id[run_id].manifest.config) else {"images": "test"}
        return {"run": run_id, "epoch": "best", "digit": None, "page": 1, **kept}

    st.selectbox(
        say("looking.run"),
        list(by_id),
        format_func=labels.__getitem__,
        help=others,
        label_visibility="visible" if labelled else "collapsed",
        **bound("run", wanted, first="index", options=list(by_id), labels=list(labels.values()), then=change_of),
    )
    return by_id[wanted]


def _first(runs: Sequence[Run], part: Part) -> Run:
    """The first with predictions of digits whose images are on this machine, else the first with any."""
    answered = [run for run in runs if run.status.epoch and run.manifest.has_network] or runs[:1]
    return next((run for run in answered if is_available(dataset_of(run.manifest.config, part))), answered[0])


def pick_epoch(wanted: int | str, run: Run, epochs: Sequence[int]) -> int:
    """Draw a slider over these epochs and return its epoch: the wanted one or the nearest."""
    status = run.status
    if run.manifest.model is not None and len(epochs) == 1:
        st.caption(model_caption(run.manifest.model))
        return epochs[0]
    epoch, exact = nearest_epoch(wanted, epochs, status.best_epoch)
    if not exact:
        link_problem(say("looking.no_epoch", wanted=wanted, epoch=epoch))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(epochs) > 1:
            st.select_slider(
                say("looking.epoch"),
                epochs,
                format_func=lambda number: _epoch_text(number, status, epochs),
                help=say("looking.epoch_help"),
                **bound("epoch", epoch, options=epochs),
            )
            _turn_epoch(epoch, epochs)
            best = nearest_epoch("best", epochs, status.best_epoch)[0]
            for word, target in (("first", epochs[0]), ("best", best), ("last", epochs[-1])):
                st.button(
                    say(f"looking.{word}"),
                    key=f"looking.{word}",
                    type="tertiary",
                    disabled=epoch == target,
                    on_click=change,
                    kwargs={"epoch": target if word == "first" else word},
                )
        else:
            st.caption(say("looking.one_epoch", epoch=epoch))
    return epoch


def _turn_epoch(epoch: int, epochs: Sequence[int]) -> None:
    """Buttons to the epochs before and after this one."""
    with st.container(horizontal=True, gap=None, width="content", key="looking.turn"):
        turn_buttons(
            ("looking.previous_epoch", "looking.next_epoch"),
            epochs.index(epoch),
            range(len(epochs)),
            lambda place: change(epoch=epochs[place]),
            shortcuts=(PREVIOUS_EPOCH, NEXT_EPOCH),
            kind="tertiary",
        )


def _epoch_text(number: int, status: Status, epochs: Sequence[int]) -> str:
    if number == 0:
        return say("looking.untrained")
    if number == status.best_epoch:
        return say("looking.best_is", epoch=number)
    return say("looking.last_is", epoch=number) if number == epochs[-1] else str(number)


def _nearest_part(view: AnswersView, offered: Sequence[Part]) -> Part:
    part: Part = view.images if view.images in offered else offered[0]
    return part


def _pick_part(view: AnswersView, offered: Sequence[Part]) -> None:
    part = _nearest_part(view, offered)
    if part != view.images:
        link_problem(say("looking.no_part"))
    if len(offered) > 1:
        also = {"digit": None, "page": 1}
        switch(
            "images",
            part,
            offered,
            say("looking.images"),
            lambda name: say(f"looking.part.{name}"),
            also=also,
            visible_label=True,
        )


def _follow(run: Run, epochs: Sequence[int]) -> None:
    """Show new epochs of an active run as they come."""
    if run.status.state in ACTIVE:
        ticking(_rerun_at_news, TICK_SECONDS)(run, len(epochs))


def _rerun_at_news(run: Run, known: int) -> None:
    try:
        ended = run.folder.status().state not in ACTIVE
    except UnreadableRun:
        ended = True
    if ended or len(predicted_epochs(run.folder)) != known:
        st.rerun()
