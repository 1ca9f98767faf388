"""Twenty browsers on one live run: nobody is dropped, and everybody sees every point, in order."""

from benchmarks.serving import APP, serving
from benchmarks.watchers import watch
from core.runs.store import RunStore
from tests.load.conftest import StubTraining

WATCHERS, POINTS = 20, 12
PATIENCE = 120
"""Seconds after which somebody who has not seen the end was left behind, on any machine."""


def test_twenty_browsers_see_a_training_to_its_end(tmp_path):
    store = RunStore(tmp_path / "runs")
    with StubTraining(store.runs_dir, most=POINTS) as training, serving(APP, tmp_path, store.runs_dir) as server:
        last = training.place(POINTS - 1)

        def all_is_seen(visits):
            if all(visit.drawn for visit in visits):
                training.go.set()
            return all(visit.news and visit.news[-1][1] == last for visit in visits)

        query = f"run={training.folder.id}"
        visits = watch(server.address, query, watchers=WATCHERS, seconds=PATIENCE, until=all_is_seen)
    assert [visit.dropped for visit in visits if visit.dropped] == []
    for visit in visits:
        places = [place for _, place in visit.news]
        assert places[-1:] == [last], "Somebody did not see the end."
        # a message repeats points that a lost one before it may have had
        assert places == sorted(places)
        assert visit.held == POINTS, "Somebody lost a point."
