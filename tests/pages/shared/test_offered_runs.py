"""The runs that a picker offers of many."""

import re
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


def labels(picker):
    """What the options say, without the marks around it."""
    return [text.strip("\N{LEFT-TO-RIGHT MARK}") for text in picker.options]


def names(picker):
    """The names of the runs among the options that are not shipped."""
    return [text.partition(" · ")[0] for text in labels(picker) if "included example" not in text]


@pytest.mark.parametrize("page", PICKERS)
def test_the_newest_the_shipped_and_the_shown_run_are_offered(app, runs, page):
    test = app(page)
    picker = widget(test, "selectbox", PICKERS[page])
    assert names(picker) == ["run 0", "run 1", "run 2"]
    assert sum("included example" in text for text in picker.options) == len(SHIPPED)
    told = texts(test) if page == "train" else test.title[0].proto.help
    assert f"{3 + len(SHIPPED)} of {5 + len(SHIPPED)} runs are listed: the newest" in told
    test = app(page, run=runs[4].id)
    picker = widget(test, "selectbox", PICKERS[page])
    assert names(picker) == ["run 0", "run 1", "run 2", "run 4"]
    assert picker.value == runs[4].id
    picker.set_value(next(text for text in picker.options if "run 1" in text)).run()
    assert test.query_params["run"] == runs[1].id


def test_a_links_model_is_offered_however_old_it_is(app, runs_dir, monkeypatch):
    monkeypatch.setattr(offered, "MOST", 1)
    for run_id in ("a-newer", "b-older", "c-older", "d-older"):
        shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", runs_dir / run_id)
    test = app("draw", model="b-older", others="c-older")
    picker = widget(test, "selectbox", "view.model")
    assert [text[-6:] for text in labels(picker)[:3]] == ["-newer", "-older", "-older"]
    assert "the Runs page" in picker.help
    assert [len(app("draw").selectbox[0].options), len(picker.options)] == [1 + len(SHIPPED), 3 + len(SHIPPED)]


def test_few_runs_are_all_offered_without_a_note(app, make_run):
    make_run("finished", errors={3: 10})
    test = app("results")
    picker = widget(test, "selectbox", "view.run")
    assert (len(picker.options), labels(picker)[0]) == (1 + len(SHIPPED), "mlp-512 · –")
    assert not test.title[0].proto.help


def test_a_long_name_is_whole_and_stays_in_order_when_its_beginning_is_cut(app, make_run, runs_dir):
    first, second = (make_run("finished") for _ in range(2))
    name = "mlp-512 · MNIST sample · 8 epochs · validation 20 % · seed"
    for seed, run in enumerate((first, second), start=1):
        RunStore(runs_dir).rename(run.id, f"{name} {seed}")
    for page, picker in PICKERS.items():
        options = widget(app(page), "selectbox", picker).options[:2]
        assert all(re.match(rf"\u200e{name} [12] · .*\u200e$", text) for text in options)
        assert options[0] != options[1]


def test_own_runs_of_one_name_are_told_apart_by_the_ends_of_their_ids(make_run, runs_dir):
    first, second = (make_run("finished") for _ in range(2))
    runs = RunStore(runs_dir).runs()
    apart = offered.told_apart(runs)
    assert apart["mlp-512"] == "mlp-512"
    assert {apart[first.id], apart[second.id]} == {f"mlp-512 · {each.id[-6:]}" for each in (first, second)}
    assert apart["cnn-best"] == "cnn-best"
