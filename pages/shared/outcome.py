"""A run's outcome: its test result, a verdict on its curves, or why it failed."""

import math

import streamlit as st

from core import formatting as figures
from core.analysis.interval import difference
from core.analysis.verdict import Verdict, judge, judge_shape
from core.charts.learning_curves import Curves
from core.config.run import RunConfig
from core.runs.entries import Run
from core.runs.printed import printed_for
from core.runs.status import ACTIVE, Status
from core.text import say, sentences
from pages.shared.next_steps import next_steps
from pages.state.plain_text import plain_text
from pages.state.rights import is_owner

_SEEN = "outcome.seen"
"""The run that this visitor last saw train."""
WENT_WRONG = ("failed", "interrupted")


def run_outcome(run: Run, curves: Curves) -> None:
    """Above the charts: verdict, test result and message in the order in which they come, and where to go."""
    status = run.status
    if status.state in ACTIVE:
        st.session_state[_SEEN] = run.id
    # for who sees the run end, room is kept for what comes then, so that the charts below stay where they are
    kept = st.session_state.get(_SEEN) == run.id
    with st.container(key="outcome.kept" if kept else "outcome.room", gap="xxsmall"):
        if run.manifest.was_watched:
            judged = verdict_sentence(curves, status, run.manifest.config)
        else:
            judged = _verdict_on_shape(curves, status)
        if verdict := judged or _awaited(status):
            st.markdown(verdict)
        if status.test_accuracy is not None:
            st.markdown(_test_result(run))
        if status.message and status.state not in WENT_WRONG:
            st.caption(plain_text(status.message))
        next_steps(run)


def run_problem(run: Run) -> None:
    """The error of a run that failed or hangs, with its log for the owner; else nothing."""
    status = run.status
    if status.owner is not None and status.hangs():
        st.warning(say("faults.hangs", seconds=status.owner.silence()))
    elif status.state in WENT_WRONG:
        if status.message:
            st.error(plain_text(status.message))
    else:
        return
    # a traceback reveals the server's paths
    log = run.folder.log_tail() if is_owner() else ""
    if log:
        with st.expander(say("watch.log"), icon=":material/article:"):
            st.code(log, language=None, height=300)


def verdict_sentence(curves: Curves, status: Status, config: RunConfig) -> str:
    """The verdict on the curves with its numbers; empty before the first epoch and for a failed run."""
    # the epochs before a failure do not show its cause
    if not curves.epochs or status.learning_rate is None or status.state == "failed":
        return ""
    if not config.minimizes_cross_entropy:
        return say("verdict.other_loss")
    verdict = judge(
        curves.column("loss"),
        curves.column("val_loss"),
        learning_rate=status.learning_rate,
        classes=len(config.data.classes),
    )
    if verdict.kind == "too_early" and status.state not in ACTIVE:
        # a run of one or two epochs is complete without one
        return ""
    return sentences([_told(verdict), *_advice(verdict, status.learning_rate)])


def _verdict_on_shape(curves: Curves, status: Status) -> str:
    """The verdict on a training elsewhere, which has minimized nobody knows what; empty where epochs are missing."""
    loss, val_loss = curves.column("loss"), curves.column("val_loss")
    whole = curves.column("epoch") == list(range(1, len(loss) + 1)) and all(map(math.isfinite, loss))
    if not whole or len(set(map(math.isnan, val_loss))) != 1:
        return ""
    rate = status.learning_rate
    verdict = judge_shape(loss, val_loss, learning_rate=rate)
    if verdict.kind == "too_early":
        return ""
    return sentences([_told(verdict), *(_advice(verdict, rate) if rate is not None else []), say("verdict.shape")])


def _told(verdict: Verdict) -> str:
    shown = {name: _figure(name, value) for name, value in verdict.values.items()}
    return say(f"verdict.{verdict.kind}", **shown)


def _awaited(status: Status) -> str:
    return say("verdict.awaited") if status.state in ACTIVE and not status.epoch else ""


def _advice(verdict: Verdict, learning_rate: float) -> list[str]:
    current = figures.rate(learning_rate)
    if verdict.rate is not None:
        key = "verdict.lower" if verdict.rate < learning_rate else "verdict.higher"
        return [say(key, current=current, rate=figures.rate(verdict.rate))]
    if verdict.kind in ("dead", "rate_too_low"):
        return [say("verdict.other_rate", current=current)]
    if verdict.kind in ("overfitting", "widening"):
        return [say("verdict.regularize")]
    return [say("verdict.more_epochs")] if verdict.more_epochs else []


def _figure(name: str, value: float) -> str:
    if name in ("epoch", "epochs", "rises", "recent"):
        return str(int(value))
    if math.isnan(value):
        return "NaN"
    return figures.whole_percent(value) if name in ("gain", "fall") else figures.loss(value)


def _printed_result(run: Run, accuracy: float, images: int) -> str:
    """A tutorial's test result, and whether the last epoch's differs from it by more than chance."""
    status, n = run.status, run.manifest.config.data.test
    own = status.test_accuracy if status.last_test_accuracy is None else status.last_test_accuracy
    low, high = difference(round((own or 0.0) * n), n, round(accuracy * images), images)
    key = "watch.test_printed_apart" if low > 0 or high < 0 else "watch.test_printed"
    span = {"low": figures.minus(f"{100 * low:+.2f}"), "high": figures.minus(f"{100 * high:+.2f}")}
    return say(key, accuracy=figures.percent(accuracy), **span)


def _test_result(run: Run) -> str:
    config, status = run.manifest.config, run.status
    accuracy, loss = figures.percent(status.test_accuracy), figures.loss(status.test_loss)
    parts = [say("watch.test", accuracy=accuracy, loss=loss, epoch=status.best_epoch)]
    if status.best_epoch != status.epoch and status.last_test_accuracy is not None:
        accuracy, loss = figures.percent(status.last_test_accuracy), figures.loss(status.last_test_loss)
        parts.append(say("watch.test_last", accuracy=accuracy, loss=loss, epoch=status.epoch))
    printed = printed_for(run.folder, config)
    if printed and printed.test and len(printed.loss) in (0, config.epochs):
        parts.append(_printed_result(run, printed.test[1], printed.test_images or config.data.test))
    if config.validation == "test":
        parts.append(say("watch.optimistic"))
    return sentences(parts)
