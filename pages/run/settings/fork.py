"""The choices of a run that goes on from another's weights: how many epochs, and from which epoch."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.config.run import RunConfig
from core.errors import DigitLabError
from core.runs.beginning import Beginning, fork, forkable_epochs, keeps_state, longer
from core.runs.entries import Run
from core.text import say
from pages.state.language import key_for_labels
from pages.state.plain_text import plain_text
from pages.state.rights import limits

Begin = Callable[[Callable[[], Sequence[Beginning]]], None]
"""Queues the runs that a function makes."""
MORE_EPOCHS = 5


def longer_popover(run: Run, begin: Begin, number: int) -> None:
    """Go on for some more epochs from the last one; `number` tells the popover from earlier ones."""
    popover = st.popover(
        say("new_runs.longer"),
        icon=":material/more_time:",
        key=f"new_runs.longer.{number}",
        on_change="rerun",
        width="content",
    )
    if not popover.open:
        return
    with popover:
        more = st.number_input(say("new_runs.more_epochs"), 1, 1_000, MORE_EPOCHS, key="new_runs.more_epochs")
        _begin_button("longer", lambda: longer(run, int(more)), run, begin)


def fork_popover(run: Run, begin: Begin, number: int) -> None:
    """Go on from an epoch that has weights, with another learning rate or number of epochs; `number` as above."""
    popover = st.popover(
        say("new_runs.fork"),
        icon=":material/call_split:",
        key=f"new_runs.fork.{number}",
        on_change="rerun",
        width="content",
    )
    if not popover.open:
        return
    config, epochs = run.manifest.config, forkable_epochs(run)
    with popover:
        if not epochs:
            st.caption(say("new_runs.no_weights"))
            return
        kept = {epoch for epoch in epochs if keeps_state(run, epoch, config)}
        best = run.status.best_epoch
        epoch = st.selectbox(
            say("new_runs.epoch"),
            epochs,
            index=epochs.index(best) if best in epochs else len(epochs) - 1,
            format_func=lambda number: _epoch_text(number, run, kept=number in kept),
            key=key_for_labels(f"new_runs.epoch.{run.id}"),
        )
        rate = st.number_input(
            say("new_runs.rate"),
            1e-6,
            10.0,
            config.learning_rate,
            step=config.learning_rate / 10,
            format="%g",
            key=f"new_runs.rate.{run.id}",
        )
        until = config.epochs if config.epochs > epoch else epoch + MORE_EPOCHS
        last = st.number_input(
            say("new_runs.last_epoch"), epoch + 1, 1_000, until, key=f"new_runs.last_epoch.{run.id}.{epoch}"
        )
        _begin_button("fork", lambda: fork(run, epoch, _changed(config, rate, last)), run, begin)


def _changed(config: RunConfig, rate: float, epochs: int) -> RunConfig:
    return config.replace(learning_rate=rate, epochs=epochs)


def _begin_button(name: str, make: Callable[[], Beginning], run: Run, begin: Begin) -> None:
    """A sentence on what the new run begins with, or why there can be none, and the button that begins it."""
    possible = False
    try:
        beginning = make()
        limits().check(beginning.config)
    except DigitLabError as error:
        st.caption(plain_text(error.message))
    else:
        possible = True
        st.caption(_begins(beginning))
    st.button(
        say(f"new_runs.begin_{name}"),
        key=f"new_runs.begin_{name}.{run.id}",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not possible,
        on_click=begin,
        args=(lambda: [make()],),
    )


def _begins(beginning: Beginning) -> str:
    epoch = beginning.origin.epoch if beginning.origin else 0
    kept = beginning.origin is not None and beginning.origin.optimizer_kept
    key = "untrained" if epoch == 0 else "kept" if kept else "fresh"
    return say(f"new_runs.begins.{key}", epoch=epoch, epochs=beginning.config.epochs)


def _epoch_text(epoch: int, run: Run, *, kept: bool) -> str:
    words = [say("new_runs.untrained") if epoch == 0 else say("new_runs.after", epoch=epoch)]
    if epoch and epoch == run.status.best_epoch:
        words.append(say("new_runs.best"))
    if epoch:
        words.append(say("new_runs.state_kept" if kept else "new_runs.state_fresh"))
    return " · ".join(words)
