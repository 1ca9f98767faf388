"""Twenty browsers on one live run: what they see, and what that costs the training and the server."""

import time
from itertools import pairwise

import pytest

from benchmarks.journal import Journal
from benchmarks.watchers import percentile, watch
from tests.load.conftest import eventually

WATCHERS, SECONDS, ALONE_SECONDS = 20, 120, 30
TICK_SECONDS, SHARE, GROWTH = 1.5, 0.85, 1.2
LEAVING_SECONDS = 240
"""Streamlit keeps a session that left for two minutes, should it come back."""


@pytest.mark.slow
@pytest.mark.alone
def test_twenty_browsers_watch_a_training_for_two_minutes(live, record_property):
    before, _ = live.server.memory()
    with Journal(live.folder) as journal:
        first = _alone()
        began, cpu = time.monotonic(), _cpu(live)
        visits = watch(live.server.address, live.query, watchers=WATCHERS, seconds=SECONDS)
        ended, cpu = time.monotonic(), _cpu(live) - cpu
        last = _alone()
        written = journal.written()
    watched = max(visit.drawn or began for visit in visits), ended
    ticks = sum(len(visit.ticks) for visit in visits)
    gaps = [gap for visit in visits for gap in visit.gaps]
    delays = [moment - written[place] for visit in visits for moment, place in visit.news]
    between = [later - sooner for visit in visits for (sooner, _), (later, _) in pairwise(visit.news)]
    alone = (journal.speed(*first) + journal.speed(*last)) / 2
    share = journal.speed(*watched) / alone
    peak, _ = live.server.memory()
    figures = {
        "ticks of a watcher": ticks / WATCHERS,
        "tick, p95, s": percentile(gaps, 0.95),
        "tick, longest, s": max(gaps, default=0),
        "news, p95, s": percentile(between, 0.95),
        "point written to point there, p95, s": percentile(delays, 0.95),
        "training's speed, share": share,
        "alone, images/s": [round(journal.speed(*span)) for span in (first, last)],
        "server's time a tick, ms": 1000 * cpu / max(1, ticks),
        "charts sent anew": sum(visit.lost for visit in visits),
        "memory before, watched, MB": [round(before), round(peak)],
    }
    print(
        *(
            f"{name}: {value:.3f}" if isinstance(value, float) else f"{name}: {value}"
            for name, value in figures.items()
        ),
        sep="\n",
    )
    record_property("figures", figures)

    assert [visit.dropped for visit in visits if visit.dropped] == []
    assert percentile(gaps, 0.95) <= TICK_SECONDS
    assert percentile(delays, 0.95) <= TICK_SECONDS
    for visit in visits:
        assert visit.ticks[-1] >= visit.drawn + SECONDS - 2 * TICK_SECONDS, "Somebody was left behind."
        newest = max(place for place, moment in written.items() if moment < visit.ticks[-1] - 2 * TICK_SECONDS)
        assert visit.news[-1][1] >= newest, "Somebody saw the end of it late."
    assert share >= SHARE
    eventually(lambda: live.server.memory()[0] <= GROWTH * before, LEAVING_SECONDS)


def _alone():
    began = time.monotonic()
    time.sleep(ALONE_SECONDS)  # the training's own speed is what is measured
    return began, time.monotonic()


def _cpu(live):
    times = live.server.process.cpu_times()
    return times.user + times.system
