"""A run as it trains or trained: progress, figures, curves and verdict."""

import math
import time

import streamlit as st

from core import formatting as figures
from core.charts.learning_curves import Curves, exploded
from core.queue.overview import Overview
from core.runs.entries import AnyRun, DamagedRun, Run
from core.runs.status import ACTIVE, RESUMABLE, Status
from core.text import clause, say
from pages.shared.chart_settings import ChartSettings
from pages.shared.model_facts import instead_of_curves
from pages.shared.outcome import run_outcome, run_problem
from pages.shared.run_controls import steered
from pages.state.page_links import page_link
from pages.state.plain_text import plain_text
from pages.state.server_state import learning_curves, look
from pages.state.tick import tick_seconds, ticking
from pages.widgets.announcement import announce
from pages.widgets.live_chart import live_chart, live_chart_room
from pages.widgets.note import note

SOON_SECONDS = 0.1
"""Refresh interval for a visitor who started a run, until its first metrics appear."""
PATIENT_SECONDS = 30.0
"""After Start, for as long at most: a run may wait for memory, or for a node of a cluster."""
SPOKEN_SECONDS = 10.0
"""Between two epochs that a screen reader speaks."""
_FRESH, _STATE = "watch.fresh", "watch.state"


def live_run(runs: Overview, run: AnyRun | None, settings: ChartSettings, *, chart_height: str) -> None:
    """A run's progress, verdict and curves, refreshed about once a second while any run trains or waits.

    `chart_height` is a CSS length. Call from the page or a fragment of it; what stands around it is redrawn with the
    whole page.
    """
    live_chart_room(chart_height)
    # the part that changes at each refresh reruns alone until something around it changes
    pace = _pace(runs)
    st.session_state[_FRESH] = True
    ticking(_look, pace)(run.id if run else None, _around(runs, run, pace), settings)


def has_curves(run: AnyRun | None) -> bool:
    """Whether the run has curves, or may still get some."""
    if not isinstance(run, Run) or not run.manifest.has_curves:
        return False
    if run.status.state not in RESUMABLE:
        return True
    curves = learning_curves(run).read()
    return bool(curves.epochs) or curves.newest is not None


def _pace(runs: Overview) -> float | None:
    """Seconds until the next refresh; None if no run is active or queued."""
    if not runs.busy:
        return None
    states = {run.status.state for run in runs.active}
    # only the visitor who started it gets the fast refresh
    _, started = st.session_state.get("train.started", (None, -math.inf))
    eager = time.monotonic() - started < PATIENT_SECONDS and (not states or "starting" in states)
    return SOON_SECONDS if eager else tick_seconds()


def _around(runs: Overview, run: AnyRun | None, pace: float | None) -> tuple[object, ...]:
    """Everything that the parts around the curves depend on."""
    return (
        pace,
        [other.id for other in runs.entries],
        [other.id for other in runs.active],
        [other.id for other in runs.waiting],
        (steered(run), run.status.epoch > 0) if isinstance(run, Run) else None,
    )


def _look(run_id: str | None, around: tuple[object, ...], settings: ChartSettings) -> None:
    runs = look()
    run = next((run for run in runs.entries if run.id == run_id), None)
    state = run.status.state if isinstance(run, Run) else None
    before, st.session_state[_STATE] = st.session_state.get(_STATE), state
    # not in the page's own rerun: widgets drawn twice before the browser sees them lose their values
    if not st.session_state.pop(_FRESH, False) and _around(runs, run, _pace(runs)) != around:
        pace, *_ = around
        # someone waits for the first points, which are drawn alone; the page follows at the next refresh
        if pace != SOON_SECONDS or state == before:
            # the whole page, because Start's label may change too
            st.rerun()
    if run is None:
        st.caption(say("watch.nothing"))
    elif isinstance(run, DamagedRun):
        with note(say("watch.unreadable", id=run.id, reason=plain_text(clause(run.problem))), icon="error"):
            page_link("runs", say("note.runs"), icon="table_rows")
    else:
        with st.container(gap="xsmall"):
            _readable(run, settings)


def _readable(run: Run, settings: ChartSettings) -> None:
    if run.manifest.model is not None and not run.manifest.has_curves:
        instead_of_curves(run, run.manifest.model)
        return
    manifest, status, curves = run.manifest, run.status, learning_curves(run).read()
    _progress(run)
    announce("epoch", _spoken(run, curves), pause=SPOKEN_SECONDS)
    run_problem(run)
    run_outcome(run, curves)
    if not has_curves(run):
        st.caption(say("watch.no_curves"))
        return
    with st.grid(2, min_column_width=240):
        marks = () if status.exploded is None else (exploded(curves, status.exploded),)
        charts = [("loss", (*curves.loss, *marks), ""), ("accuracy", curves.accuracy, ".2%")]
        charts += [("rate", curves.rate, "")] if settings.rate else []
        for metric, traces, y_format in charts:
            # before it becomes NaN, a loss grows by orders of magnitude
            log_y = metric == "loss" and (settings.log_loss or bool(marks))
            live_chart(
                f"watch_{metric}",
                run.id,
                traces,
                x_title=say("watch.epoch_axis"),
                y_title=_title(metric, log_y=log_y, smoothing=settings.smoothing),
                alt=say(f"watch.{metric}_alt", name=run.name, epochs=status.epoch),
                y_format=y_format,
                log_y=log_y,
                smoothing=settings.smoothing,
                x_end=_x_end(status, manifest.config.epochs),
            )


def _title(metric: str, *, log_y: bool, smoothing: int) -> str:
    title = say(f"watch.{metric}_axis")
    if log_y:
        title = say("chart_settings.log_scale", axis=title)
    return say("chart_settings.smoothed", axis=title, points=smoothing) if smoothing > 1 else title


def _x_end(status: Status, epochs: int) -> int:
    """The last epoch on the axis: the last planned one, after the end of the run the last trained one.

    The axis of a very long run grows in steps, so that the first epochs are not squeezed.
    """
    if status.exploded is not None:
        return math.ceil(status.exploded)
    if status.state not in ACTIVE and status.epoch:
        return status.epoch
    steps = (50, 100, 200, 500) if epochs > 100 else ()
    return next((step for step in steps if status.epoch < step < epochs), epochs)


def _progress(run: Run) -> None:
    """A progress bar and its text, of the same height in every state."""
    config, status = run.manifest.config, run.status
    if run.manifest.logs is not None:
        st.progress(1.0, say("logs.ended" if status.epoch > 1 else "logs.ended_once", epoch=status.epoch))
        return
    updates = config.updates_per_epoch
    share = min(1.0, (status.epoch + status.batch / updates) / config.epochs)
    text = say("watch.shipped") if run.shipped else say(f"watch.state.{status.state}")
    if status.hangs():
        text = say("faults.not_answering")
    elif status.state in ACTIVE and status.message is not None:
        # it waits for a node of the cluster
        text = plain_text(clause(status.message))
    if status.state in ("training", "paused"):
        done = say(
            "watch.progress",
            state=text,
            epoch=min(status.epoch + 1, config.epochs),
            epochs=config.epochs,
            batch=status.batch,
            batches=updates,
        )
        text = " · ".join([done, *_speed(status)])
    elif status.epoch and (status.state not in ACTIVE or status.state == "evaluating"):
        text = say(
            "watch.ended" if config.epochs > 1 else "watch.ended_once",
            state=text,
            epoch=status.epoch,
            epochs=config.epochs,
            time=figures.duration(status.seconds),
            parameters=f"{config.parameters:,}",
        )
    with st.container(key="watch.progress"):
        st.progress(share, text)


def _spoken(run: Run, curves: Curves) -> str:
    """The last epoch's accuracy while the run trains; the job's slot says how it ends."""
    if run.status.state != "training" or not curves.epochs:
        return ""
    validation = curves.column("val_accuracy")[-1]
    return say(
        "announcements.epoch" if math.isnan(validation) else "announcements.epoch_validated",
        epoch=int(curves.column("epoch")[-1]),
        epochs=run.manifest.config.epochs,
        accuracy=figures.percent(curves.column("accuracy")[-1]),
        val_accuracy=figures.percent(validation),
    )


def _speed(status: Status) -> list[str]:
    """Images per second and time left; empty unless the run is making progress."""
    if status.state != "training" or status.hangs():
        return []
    left = [] if status.seconds_left is None else [say("watch.left", time=figures.rough_duration(status.seconds_left))]
    return [say("watch.speed", speed=f"{status.images_per_second:,.0f}"), *left]
