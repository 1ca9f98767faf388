"""Twenty browsers watch one live run: none disconnects, and each gets every point in order."""

import pytest

from benchmarks.serving import APP, serving
from benchmarks.watchers import watch
from core.runs.store import RunStore
from tests.load.conftest import StubTraining

WATCHERS, POINTS = 20, 12
PATIENCE = 120
"""Seconds in which every watcher must have seen the last point, even on a busy machine."""


@pytest.mark.slow
def test_twenty_browsers_see_a_training_to_its_end(tmp_path):
    store = RunStore(tmp_path / "runs")
    with StubTraining(store.runs_dir, most=POINTS) as training, serving(APP, tmp_path, store.runs_dir) as server:
        last = training.place(POINTS - 1)

        def all_points_arrived(visits):
            if all(visit.drawn for visit in visits):
                training.go.set()
            return all(visit.news and visit.news[-1][1] == last for visit in visits)

        query = f"run={training.folder.id}"
        visits = watch(server.address, query, watchers=WATCHERS, seconds=PATIENCE, until=all_points_arrived)
    assert [visit.dropped for visit in visits if visit.dropped] == []
    for visit in visits:
        places = [place for _, place in visit.news]
        assert places[-1:] == [last], "a watcher did not get the last point"
        # a message may repeat points of the one before it, which could be lost
        assert places == sorted(places)
        assert visit.held == POINTS, "a watcher lost a point"
