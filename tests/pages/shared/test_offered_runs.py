"""The runs that a picker offers of many."""

import shutil

import pytest

from core.runs.store import SHIPPED_DIR, RunStore
from pages.shared import offered_runs as offered
from tests.pages.shown import texts, widget

SHIPPED = {path.name for path in SHIPPED_DIR.iterdir() if path.is_dir()}
PICKERS = {"train": "watch.run", "results": "view.run"}


@pytest.fixture
def runs(make_run, monkeypatch):
    """Two more than are offered, newest first."""
    monkeypatch.setattr(offered, "MOST", 3)
    made = [make_run("finished", errors={3: 10}) for _ in range(5)]
    for age, folder in enumerate(reversed(made)):
        manifest = folder.manifest()
        folder.write_manifest(type(manifest)(f"run {age}", 1e9 - age, manifest.config))
    return list(reversed(made))


def ids(picker, runs):
    """The ids of the runs among the options that are not shipped."""
    options = [text for text in picker.options if "included example" not in text]
    return [next(run.id for run in runs if run.id[-6:] in text) for text in options]


@pytest.mark.parametrize("page", PICKERS)
def test_the_newest_the_shipped_and_the_shown_run_are_offered(app, runs, page):
    test = app(page)
    picker = widget(test, "selectbox", PICKERS[page])
    assert ids(picker, runs) == [run.id for run in runs[:3]]
    assert sum("included example" in text for text in picker.options) == len(SHIPPED)
    told = texts(test) if page == "train" else test.title[0].proto.help
    assert f"{3 + len(SHIPPED)} of {5 + len(SHIPPED)} runs are listed: the newest" in told
    test = app(page, run=runs[4].id)
    picker = widget(test, "selectbox", PICKERS[page])
    assert ids(picker, runs) == [run.id for run in (*runs[:3], runs[4])]
    assert runs[4].id[-6:] in picker.value
    picker.set_value(next(text for text in picker.options if runs[1].id[-6:] in text)).run()
    assert test.query_params["run"] == runs[1].id


def test_a_links_model_is_offered_however_old_it_is(app, runs_dir, monkeypatch):
    monkeypatch.setattr(offered, "MOST", 1)
    for run_id in ("a-newer", "b-older", "c-older", "d-older"):
        shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", runs_dir / run_id)
    test = app("draw", model="b-older", others="c-older")
    picker = widget(test, "selectbox", "view.model")
    assert [text[-6:] for text in picker.options[:3]] == ["-newer", "-older", "-older"]
    assert "the Runs page" in picker.help
    assert [len(app("draw").selectbox[0].options), len(picker.options)] == [1 + len(SHIPPED), 3 + len(SHIPPED)]


def test_few_runs_are_all_offered_without_a_note(app, make_run):
    run = make_run("finished", errors={3: 10})
    test = app("results")
    picker = widget(test, "selectbox", "view.run")
    assert len(picker.options) == 1 + len(SHIPPED)
    assert run.id[-6:] in picker.options[0]
    assert not test.title[0].proto.help


def test_own_runs_of_one_name_are_told_apart_by_the_ends_of_their_ids(make_run, runs_dir):
    first, second = (make_run("finished") for _ in range(2))
    runs = RunStore(runs_dir).runs()
    names = offered.told_apart(runs)
    assert names["mlp-512"] == "mlp-512"
    assert {names[first.id], names[second.id]} == {f"mlp-512 · {each.id[-6:]}" for each in (first, second)}
    assert names["cnn-best"] == "cnn-best"
