"""Lesson on learning rates: a small sweep, the same short run at each of several rates, side by side."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core import formatting as figures
from core.charts.ladder import ladder_figure
from core.errors import DigitLabError, UnreadableRun
from core.explain.lessons.slopes import BATCH_SIZE, UNITS, Slope
from core.sweeps.estimate import estimate
from core.sweeps.folder import Listed
from core.sweeps.ladder import DATASETS, MOST_EPOCHS, NETWORKS, Rung, best, ladder_sweep, newest, rungs
from core.sweeps.sweep import Sweep
from core.text import say
from pages.learn.digits import lesson_digits
from pages.learn.problem import found_rates
from pages.learn.range_test import range_test
from pages.learn.tall_chart import tall_chart
from pages.learn.view import LearnView
from pages.state.link_problems import link_problem
from pages.state.page_links import page_link
from pages.state.plain_text import plain_text
from pages.state.rights import limits
from pages.state.server_state import look, store, sweep_trials, sweeps
from pages.state.theme import colors
from pages.state.url_state import bound
from pages.state.visitor import cookie_note, sweep_access
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.switch import switch

TICK_SECONDS = 1.0
HEIGHT = 350


def ladder(view: LearnView) -> None:
    """Pickers for the runs to try, buttons to start and stop them, and their progress."""
    dataset = view.dataset if view.dataset in DATASETS else DATASETS[0]
    if view.dataset and dataset != view.dataset:
        link_problem(say("lessons.ladder.no_dataset", name=plain_text(view.dataset, longest=40), shown=dataset))
    network_side, data_side, epochs_side, _ = st.columns([4, 5, 3, 5], vertical_alignment="bottom")
    with network_side:
        st.selectbox(
            say("lessons.network"),
            NETWORKS,
            format_func=lambda name: say(f"presets.{name}.name"),
            **bound("network", view.network, first="index", options=NETWORKS),
        )
    with data_side:
        st.selectbox(
            say("lessons.ladder.dataset"),
            DATASETS,
            format_func=lambda name: say(f"datasets.name.{name}"),
            **bound("dataset", dataset, first="index", options=DATASETS),
        )
    with epochs_side:
        epochs = list(range(1, MOST_EPOCHS + 1))
        switch("passes", view.passes, epochs, say("lessons.ladder.epochs"), visible_label=True)
    sweep = ladder_sweep(view.network, dataset, view.passes)
    busy = _is_busy(newest(sweep, sweeps().all()))
    st.fragment(_rungs, run_every=TICK_SECONDS if busy else None)(sweep, busy)
    if lesson_digits() is not None:
        range_test()


def _is_busy(made: Listed | None) -> bool:
    return made is not None and (made.is_active or made.is_due)


def _rungs(sweep: Sweep, was_busy: bool) -> None:
    made = newest(sweep, sweeps().all())
    busy = _is_busy(made)
    if busy != was_busy:
        st.rerun()
    found = _found(sweep, made)
    chosen = best(found)
    missing = [rung for rung in found if not rung.tried]
    with st.container(horizontal=True, vertical_alignment="center"):
        if busy:
            _button("cancel", say("lessons.ladder.cancel"), "stop", sweep)
        elif missing:
            key, count = ("rest", len(missing)) if _can_go_on(missing, made) else ("try", len(found))
            _button("try", say(f"lessons.ladder.{key}", count=count), "play_arrow", sweep)
        st.markdown(_sentence(sweep, made, found, chosen, busy=busy))
        if made is not None:
            page_link("sweep", say("lessons.ladder.open"), icon="query_stats", parameters={"sweep": made.id})
    if missing:
        cookie_note()
    curves = [Slope(rung.rate, *rung.losses()) for rung in found]
    begun = sum(1 for curve in curves if curve.updates)
    chart, table = st.columns([13, 8], gap="medium")
    if not begun and not busy and lesson_digits() is not None:
        _at_once(chart)
    else:
        with chart:
            total = sweep.config.updates_per_epoch * sweep.config.epochs
            _draw(
                ladder_figure(
                    curves, total=total, best=chosen.rate if chosen else None, colors=colors(), height=HEIGHT
                ),
                begun,
            )
    with table:
        heads = [say(key) for key in ("lessons.rate", "lessons.ladder.state", "lessons.ladder.val_loss")]
        compact_table(heads, [_row(rung, chosen) for rung in found], right={2})


def _found(sweep: Sweep, made: Listed | None) -> list[Rung]:
    try:
        trials = sweep_trials(made.folder) if made else []
    except UnreadableRun:
        # its own page says so
        trials = []
    return rungs(sweep, trials, {run.id: run for run in look().runs})


def _can_go_on(missing: Sequence[Rung], made: Listed | None) -> bool:
    """Whether the sweep that was made tries all that is missing; a trial that was stopped is not tried again."""
    return made is not None and all(rung.trial is None for rung in missing)


def _button(name: str, label: str, icon: str, sweep: Sweep) -> None:
    st.button(
        label,
        key=f"ladder.{name}",
        icon=f":material/{icon}:",
        type="primary" if name == "try" else "secondary",
        on_click=_try if name == "try" else _cancel,
        args=(sweep,),
    )


def _at_once(chart: st.delta_generator.DeltaGenerator) -> None:
    """Before any run: the same experiment on a small network, which takes about a second."""
    slopes = found_rates()
    best_rate = min(slopes, key=lambda slope: slope.loss[-1]).rate
    total = int(slopes[0].updates[-1])
    with chart:
        about = say("lessons.ladder.at_once_help", units=UNITS, batch_size=BATCH_SIZE, count=len(slopes))
        st.markdown(f"**{say('lessons.ladder.at_once')}**", help=about)
        _draw(ladder_figure(slopes, total=total, best=best_rate, colors=colors(), height=HEIGHT - 40), len(slopes))


def _draw(figure: go.Figure, count: int) -> None:
    tall_chart("ladder", figure, above=26, alt=say("lessons.ladder.alt", count=count))


def _sentence(sweep: Sweep, made: Listed | None, found: Sequence[Rung], chosen: Rung | None, *, busy: bool) -> str:
    if busy:
        return say("lessons.ladder.busy", done=sum(1 for rung in found if rung.tried), count=len(found))
    if chosen is not None:
        return say("lessons.ladder.best", rate=figures.rate(chosen.rate), loss=figures.loss(chosen.validation_loss))
    missing = sum(1 for rung in found if not rung.tried)
    if not missing:
        return say("lessons.ladder.all_failed")
    if made is not None and made.status.message is not None:
        return plain_text(made.status.message)
    takes = estimate(sweep, look().runs, store().runs_dir, limits())
    if takes.seconds is None:
        return say("lessons.ladder.unknown_time", count=missing)
    return say("lessons.ladder.time", count=missing, time=figures.rough_duration(takes.seconds * missing / len(found)))


def _row(rung: Rung, chosen: Rung | None) -> Row:
    word = say("lessons.ladder.not_yet") if rung.state == "none" else say(f"sweep_page.trial_state.{rung.state}")
    if rung.diverged:
        word = say("lessons.ladder.diverged")
    rate = figures.rate(rung.rate)
    best = rung == chosen
    return Row((f"{rate} ★" if best else rate, word, figures.loss(rung.validation_loss)), bold=best)


def _try(sweep: Sweep) -> None:
    # read the sweeps again, so that a second press finds nothing left to start
    made = newest(sweep, sweeps().all())
    try:
        if _is_busy(made):
            return
        missing = [rung for rung in _found(sweep, made) if not rung.tried]
        if made is not None and _can_go_on(missing, made):
            sweep_access().go_on(made)
        else:
            sweep_access().start(sweep, say("lessons.ladder.name", network=sweep.config.preset))
    except (DigitLabError, OSError) as error:
        _toast(error)


def _cancel(sweep: Sweep) -> None:
    made = newest(sweep, sweeps().all())
    try:
        if made is not None:
            sweep_access().stop(made)
    except (DigitLabError, OSError) as error:
        _toast(error)


def _toast(error: DigitLabError | OSError) -> None:
    reason = error.message if isinstance(error, DigitLabError) else str(error)
    st.toast(plain_text(reason), icon=":material/error:")
