"""The page of a sweep: its state, its best settings, its figures and trials, and what can be done with it."""

import json

import pytest

from core.runs.owner import Owner
from core.runs.store import RunStore
from core.sweeps.folder import SweepFolder, SweepStore, TrialRecord
from core.text import Message
from tests.core.sweeps.conftest import a_sweep
from tests.pages.shown import component, sentences, texts


@pytest.fixture
def make_sweep(runs_dir):
    """Makes a sweep in this state with these trials."""

    def make(state="finished", records=(), *, name="mine", owner=None, **given):
        folder = SweepFolder.create(RunStore(runs_dir), a_sweep(**given), name)
        folder.files.change_status(state=state, owner=owner, seconds=60.0)
        folder.write_trials(records)
        return folder

    return make


def trial(number, score=None, *, runs=(), **given):
    """A finished trial, or one without a score."""
    state, scores = ("running", ()) if score is None else ("complete", (score,))
    values = {"learning_rate": 0.001 * (number + 1)}
    return TrialRecord(number=number, values=values, runs=runs, **{"state": state, "scores": scores, **given})


def state(runs_dir, folder):
    return SweepStore(RunStore(runs_dir)).find(folder.id).status.state


def test_a_finished_sweep_shows_its_best_settings_and_what_they_lost(app, make_sweep, make_run):
    run = make_run("finished")
    folder = make_sweep(
        records=[
            trial(0, 0.31, runs=(run.id,)),
            trial(1, 0.25, runs=(run.id,)),
            trial(2, state="pruned", reason=Message("sweeps.gone")),
            trial(1, 0.29, runs=(run.id,), again=True, tests=(0.91, 0.93)),
        ]
    )
    page = app("sweep", sweep=folder.id)
    text = texts(page)
    assert [title.value for title in page.title] == ["mine"]
    assert "Best: trial 1" in text
    assert "reach 0.29 on average: 0.04 worse than in the sweep" in text
    assert "92.00\xa0%" in text
    assert "3 of 4 trials · 1 pruned" in text


def test_a_sweep_in_progress_is_paused_and_stopped_by_requests(app, make_sweep):
    folder = make_sweep("training", [trial(0, 0.3), trial(1)], owner=Owner.this())
    page = app("sweep", sweep=folder.id)
    page.button(key="sweep.pause").click().run()
    assert page.button(key="sweep.stop").disabled
    assert [request.command for request in folder.files.control.take()] == ["pause"]
    page.run()
    page.button(key="sweep.stop").click().run()
    assert [request.command for request in folder.files.control.take()] == ["stop"]


def test_a_stopped_sweep_goes_on_and_a_finished_one_gets_more_trials_or_is_deleted(app, make_sweep, runs_dir):
    folder = make_sweep("stopped", [trial(0, 0.3)])
    app("sweep", sweep=folder.id).button(key="sweep.resume").click().run()
    assert state(runs_dir, folder) == "queued"
    done = make_sweep("finished", [trial(0, 0.3)])
    page = app("sweep", sweep=done.id)
    page.button(key="sweep.more").click().run()
    assert (state(runs_dir, done), done.sweep().trials) == ("queued", 14)
    done.files.change_status(state="finished")
    app("sweep", sweep=done.id).button(key="sweep.delete_now").click().run()
    assert not done.path.exists()


def test_a_figure_is_chosen_by_the_link_and_others_are_offered(app, make_sweep):
    folder = make_sweep(records=[trial(0, 0.3), trial(1, 0.2)])
    folder.figure("x").parent.mkdir()
    points = {"type": "scatter", "mode": "markers", "x": [0, 1], "y": [0.3, 0.2], "customdata": [[0], [1]]}
    for name in ("history", "slice-learning_rate", "slice-batch_size"):
        folder.figure(name).write_text(json.dumps({"data": [points], "layout": {"xaxis": {"title": {"text": name}}}}))
    page = app("sweep", sweep=folder.id, figure="slice", about="learning_rate")
    (chart,) = page.get("plotly_chart")
    assert json.loads(chart.proto.spec)["data"][0]["customdata"] == [[0], [1]]
    (picker,) = [box for box in page.selectbox if "learning_rate" in box.options or "Learning rate" in box.options]
    assert picker.value == "learning_rate"
    # a figure that there is not yet
    assert len(app("sweep", sweep=folder.id, figure="pareto").get("plotly_chart")) == 1


def test_a_damaged_sweep_and_an_unknown_one_are_reported_in_a_sentence(app, make_sweep):
    folder = make_sweep(records=[trial(0, 0.3)])
    (folder.path / "trials.json").write_text("[{}]")
    assert "trials.json" in " ".join(sentences(app("sweep", sweep=folder.id)))
    (folder.path / "sweep.json").write_text('{"format": 9, "name": "x", "created": 1}')
    assert "made by another version" in " ".join(sentences(app("sweep", sweep=folder.id)))
    page = app("sweep", sweep="../../etc", figure="none")
    (alert,) = page.warning
    assert "There is no sweep" in alert.value


def test_without_a_sweep_the_page_says_how_to_start_one(app):
    assert "On Train, open" in texts(app("sweep"))


def test_of_a_thousand_trials_the_best_hundred_are_shown_and_more_on_request(app, make_sweep, make_run):
    run = make_run("finished").id
    folder = make_sweep(
        records=[trial(number, 1.2 - number / 1000, runs=(run,)) for number in range(1000)], trials=1000
    )
    page = app("sweep", sweep=folder.id)
    rows = component(page, "sweep.trials")["rows"]
    assert (len(rows), rows[0]["name"]) == (100, "Trial 999")
    assert {row["href"] for row in rows} == {f"./run?run={run}"}
    assert len(component(page.button(key="sweep.show_more").click().run(), "sweep.trials")["rows"]) == 200
