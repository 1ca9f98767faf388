"""The best settings that a sweep found, and how good they are once more."""

from collections.abc import Sequence
from statistics import fmean

import streamlit as st

from core import formatting as figures
from core.config.links import config_to_query
from core.errors import InvalidSetting
from core.sweeps.folder import TrialRecord, best_trial
from core.sweeps.sweep import Sweep
from core.sweeps.variation import label
from core.text import say
from pages.state.page_links import page_link
from pages.sweep.scores import score_text, value_text
from pages.widgets.compact_table import Row, compact_table

_COMPARED = 5
"""The best trials that one link compares."""


def best_settings(sweep: Sweep, records: Sequence[TrialRecord]) -> None:
    """Draw the best trial so far, with links that use and compare it; a sentence where none has finished."""
    best = best_trial(sweep, records)
    if best is None:
        st.caption(say("sweep_page.no_best"))
        return
    st.subheader(say("sweep_page.best", number=best.number), anchor=False)
    rows = [Row((say(label(name)), value_text(name, value))) for name, value in best.values.items()]
    scores = zip(sweep.metrics, best.scores, strict=True)
    rows += [Row((say(f"options.sweep_metric.{name}"), score_text(name, value)), bold=True) for name, value in scores]
    compact_table([], rows, right={1}, alt=say("sweep_page.best", number=best.number))
    _again(sweep, best, records)
    with st.container(horizontal=True, gap="small"):
        try:
            query = config_to_query(sweep.config_of(best.values))
        except InvalidSetting:
            # the product has a narrower limit than when the sweep was made
            query = {}
        if query:
            page_link("train", say("sweep_page.use"), icon="tune", parameters=query)
        if best.runs:
            page_link("run", say("sweep_page.open"), icon="show_chart", parameters={"run": best.runs[0]})
        sign = -1 if sweep.objective == "val_accuracy" else 1
        done = sorted((each for each in records if each.scores and not each.again), key=lambda e: sign * e.scores[0])
        if len(done) > 1:
            runs = ",".join(each.runs[0] for each in done[:_COMPARED] if each.runs)
            text = say("sweep_page.compare", count=min(_COMPARED, len(done)))
            page_link("runs", text, icon="table_rows", parameters={"runs": runs})


def _again(sweep: Sweep, best: TrialRecord, records: Sequence[TrialRecord]) -> None:
    """What the winner lost when it was trained with new seeds, and its test accuracy then."""
    again = next((each for each in records if each.again and each.number == best.number and each.tests), None)
    if again is None:
        return
    sign = -1 if sweep.objective == "val_accuracy" else 1
    lost = sign * (again.scores[0] - best.scores[0])
    st.markdown(
        say(
            "sweep_page.again_lost" if lost > 0 else "sweep_page.again",
            count=len(again.tests),
            score=score_text(sweep.objective, again.scores[0]),
            metric=say(f"options.sweep_metric.{sweep.objective}"),
            lost=score_text(sweep.objective, abs(lost)),
            test=figures.percent(fmean(again.tests)),
        ),
        help=say("sweep_page.again_help"),
    )
