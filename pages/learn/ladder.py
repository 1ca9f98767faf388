"""Lesson on learning rates: the same short run at each of several rates, side by side."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core import formatting as figures
from core.charts.ladder import ladder_figure
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.explain.lessons.ladder import (
    DATASETS,
    MOST_EPOCHS,
    NETWORKS,
    Rung,
    best,
    climb,
    epoch_guess,
    ladder_config,
    ladder_group,
)
from core.explain.lessons.slopes import BATCH_SIZE, UNITS, Slope
from core.runs.beginning import Beginning
from core.runs.status import ACTIVE
from core.text import say
from pages.learn.digits import lesson_digits
from pages.learn.problem import found_rates
from pages.learn.tall_chart import tall_chart
from pages.learn.view import LearnView
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.theme import colors
from pages.state.tick import ticking
from pages.state.url_state import bound
from pages.state.visitor import access, cookie_note
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
    config = ladder_config(view.network, dataset, view.passes)
    busy = any(rung.busy for rung in climb(config, look().runs))
    ticking(_rungs, TICK_SECONDS if busy else None)(config, busy)


def _rungs(config: RunConfig, was_busy: bool) -> None:
    rungs = climb(config, look().runs)
    busy = any(rung.busy for rung in rungs)
    if busy != was_busy:
        st.rerun()
    chosen = best(rungs)
    missing = [rung for rung in rungs if not rung.tried and not rung.busy]
    with st.container(horizontal=True, vertical_alignment="center"):
        if busy:
            st.button(
                say("lessons.ladder.cancel"),
                key="ladder.cancel",
                icon=":material/stop:",
                on_click=_cancel,
                args=(config,),
            )
        elif missing:
            key = "lessons.ladder.try" if len(missing) == len(rungs) else "lessons.ladder.rest"
            st.button(
                say(key, count=len(missing)),
                key="ladder.try",
                icon=":material/play_arrow:",
                type="primary",
                on_click=_try,
                args=(config,),
            )
        st.markdown(_sentence(rungs, missing, chosen, busy=busy))
    if missing:
        cookie_note()
    curves = [Slope(rung.rate, *rung.losses()) for rung in rungs]
    begun = sum(1 for curve in curves if curve.updates)
    chart, table = st.columns([13, 8], gap="medium")
    if not begun and not busy and lesson_digits() is not None:
        _at_once(chart)
    else:
        with chart:
            total = config.updates_per_epoch * config.epochs
            _draw(
                ladder_figure(
                    curves, total=total, best=chosen.rate if chosen else None, colors=colors(), height=HEIGHT
                ),
                begun,
            )
    with table:
        heads = [say(key) for key in ("lessons.rate", "lessons.ladder.state", "lessons.ladder.val_loss")]
        compact_table(heads, [_row(rung, chosen) for rung in rungs], right={2})


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


def _sentence(rungs: Sequence[Rung], missing: Sequence[Rung], chosen: Rung | None, *, busy: bool) -> str:
    if busy:
        done = sum(1 for rung in rungs if rung.tried)
        return say("lessons.ladder.busy", done=done, count=len(rungs))
    if chosen is not None:
        return say("lessons.ladder.best", rate=figures.rate(chosen.rate), loss=figures.loss(chosen.validation_loss()))
    if not missing:
        return say("lessons.ladder.all_failed")
    epoch = epoch_guess(rungs[0].config, look().runs)
    if epoch is None:
        return say("lessons.ladder.unknown_time", count=len(missing))
    seconds = len(missing) * rungs[0].config.epochs * epoch
    return say("lessons.ladder.time", count=len(missing), time=figures.duration(seconds))


def _row(rung: Rung, chosen: Rung | None) -> Row:
    word = say("lessons.ladder.not_yet") if rung.state == "none" else say(f"watch.state.{rung.state}")
    if rung.diverged:
        word = say("lessons.ladder.diverged")
    rate = figures.rate(rung.rate)
    best = rung == chosen
    return Row((f"{rate} ★" if best else rate, word, figures.loss(rung.validation_loss())), bold=best)


def _try(config: RunConfig) -> None:
    # read the runs again, so that a second press finds nothing left to start
    for rung in climb(config, look().runs):
        if not rung.tried and not rung.busy:
            name = say("lessons.ladder.name", network=config.preset, rate=figures.rate(rung.rate))
            try:
                access().begin([Beginning(rung.config, name, group=ladder_group(config))])
            except DigitLabError as error:
                st.toast(plain_text(error.message), icon=":material/error:")
                return


def _cancel(config: RunConfig) -> None:
    for rung in reversed(climb(config, look().runs)):
        if rung.run is None or not rung.busy:
            continue
        try:
            if rung.state in ACTIVE:
                access().ask(rung.run, "stop")
            else:
                access().cancel(rung.run)
        except (DigitLabError, OSError) as error:
            reason = error.message if isinstance(error, DigitLabError) else str(error)
            st.toast(plain_text(reason), icon=":material/error:")
