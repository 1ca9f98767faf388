"""The table of runs: the selection stays, whichever rows are shown."""

import json
import time

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.config.presets import PRESETS
from core.runs.store import RunStore
from pages.runs.table import Ticks, matching

BOTH = PRESETS["mlp-512"].replace(dataset="mnist-5k")


def app() -> None:
    import streamlit as st

    from core.runs.store import RunStore
    from pages.runs.table import run_table

    def choose(ids: list[str]) -> None:
        st.session_state.linked = ids

    runs = RunStore(shipped_dir=st.session_state.nowhere).entries()
    st.session_state.chosen = run_table(runs, st.session_state.linked, choose)


@pytest.fixture
def page(runs_dir):
    test = AppTest.from_function(app, default_timeout=20)
    test.session_state["nowhere"], test.session_state["linked"] = runs_dir / "nowhere", []
    return test


@pytest.fixture
def three(make_run, runs_dir):
    """Ids of three runs, newest first: two that differ only in their seed, and a network of another kind."""
    for seed in (1, 2):
        make_run("finished", config=BOTH.replace(seed=seed), test_accuracy=0.9 + seed / 100)
    make_run("stopped", config=PRESETS["cnn-16-36"])
    return [run.id for run in RunStore(runs_dir, runs_dir / "nowhere").runs()]


def table(page):
    (element,) = page.dataframe
    return element.value


def ticked(page):
    """The rows that the browser shows as selected."""
    (element,) = page.dataframe
    return page.session_state[element.key]["selection"]["rows"]


def tick(page, rows):
    """Send what the browser sends when exactly these rows are selected."""
    states = page._tree.get_widget_states()
    (element,) = page.dataframe
    state = states.widgets.add()
    state.id = element.proto.id
    state.string_value = json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}})
    page._run(states)
    assert not page.exception
    return page


def test_each_run_is_a_row_with_words_and_percentages(page, make_run):
    make_run("finished", config=BOTH, test_accuracy=0.9812, seconds=6.5)
    row = table(page.run()).iloc[0]
    assert row["name"] == "mlp-512"
    assert row["state"] == "✓ Finished"
    assert row["test_accuracy"] == pytest.approx(98.12)
    assert row["val_accuracy"] == pytest.approx(95)
    assert list(row["val_loss"]) == [0.30, 0.22, 0.2]
    assert page.session_state.chosen == []


def test_an_empty_table_shows_a_note(page):
    page.run()
    assert not page.dataframe
    assert "no runs yet" in page.caption[0].value
    assert page.session_state.chosen == []


def test_an_unreadable_run_shows_its_problem_and_can_be_selected(page, make_run):
    folder = make_run("finished")
    (folder.path / "run.json").write_text("{", encoding="utf-8")
    row = table(page.run()).iloc[0]
    assert row[["name", "state", "note"]].to_list() == [folder.id, "? Unreadable", "run.json cannot be read"]
    assert tick(page, [0]).session_state.chosen == [folder.id]


def test_selected_runs_are_returned_in_order_of_selection(page, three):
    tick(page.run(), [2])
    tick(page, [0, 2])
    assert page.session_state.chosen == [three[2], three[0]]
    assert page.run().session_state.chosen == [three[2], three[0]]
    tick(page, [0])
    assert page.session_state.chosen == [three[0]]


def test_the_selection_follows_the_runs_when_rows_change(page, three, make_run, runs_dir):
    tick(page.run(), [0, 1])
    newest = make_run("finished")
    assert page.run().session_state.chosen == [three[0], three[1]]
    assert ticked(page) == [1, 2]
    store = RunStore(runs_dir, runs_dir / "nowhere")
    store.delete(newest.id)
    store.delete(three[0])
    assert page.run().session_state.chosen == [three[1]]
    assert ticked(page) == [0]


def test_unchanged_rows_keep_the_same_table(page, three):
    page.run()
    before = page.dataframe[0].key
    tick(page, [1])
    assert page.run().dataframe[0].key == before
    assert page.session_state.chosen == [three[1]]


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("", 3),
        ("CNN", 1),
        ("mlp-512", 2),
        ("512 mnist-5k finished", 2),
        ("  ✓  MLP ", 2),
        ("stopped mlp", 0),
        ("zebra", 1),
    ],
)
def test_the_filter_matches_all_words_ignoring_case(page, three, runs_dir, words, rows):
    RunStore(runs_dir).annotate(three[0], "Zebra stripes")
    page.run().text_input(key="runs.filter").set_value(words).run()
    assert (len(table(page)) if page.dataframe else 0) == rows


def test_a_filter_without_matches_names_its_words(page, three):
    tick(page.run(), [0])
    page.text_input(key="runs.filter").set_value("no*such* run").run()
    assert not page.dataframe
    assert "no\\*such\\* run" in page.caption[0].value
    assert page.session_state.chosen == []
    assert page.text_input(key="runs.filter").set_value("").run().session_state.chosen == [three[0]]
    assert ticked(page) == [0]


def test_hidden_runs_stay_selected_but_are_not_returned(page, three):
    cnn = next(place for place, run_id in enumerate(three) if "cnn" in run_id)
    tick(page.run(), [cnn])
    page.text_input(key="runs.filter").set_value("mlp").run()
    assert page.session_state.chosen == []
    assert "1 more not shown here" in page.caption[0].value
    tick(page, [1])
    page.text_input(key="runs.filter").set_value("").run()
    assert page.session_state.chosen[0] == three[cnn]
    assert len(page.session_state.chosen) == len(ticked(page)) == 2


def test_runs_that_differ_only_in_their_seed_share_a_row(page, three):
    page.run().toggle(key="runs.by_seed").set_value(True).run()
    groups = table(page).set_index("network")
    assert list(groups["seeds"].sort_index()) == [1, 2]
    assert groups.loc["MLP 512", "test_accuracy"] == pytest.approx(91.5)
    assert groups.loc["MLP 512", "spread"] == pytest.approx(0.7071, abs=1e-4)
    tick(page, [list(groups.index).index("MLP 512")])
    assert set(page.session_state.chosen) == {run_id for run_id in three if "mlp" in run_id}
    page.toggle(key="runs.by_seed").set_value(False).run()
    assert sorted(three[place] for place in ticked(page)) == sorted(page.session_state.chosen)


def test_unreadable_runs_alone_form_no_groups(page, make_run):
    (make_run("finished").path / "status.json").unlink()
    page.run().toggle(key="runs.by_seed").set_value(True).run()
    assert not page.exception
    assert not page.dataframe
    assert page.session_state.chosen == []


def test_the_caller_sets_the_selection_and_gets_its_changes(page, three):
    page.session_state["linked"] = [three[2], "nowhere", three[0]]
    assert page.run().session_state.chosen == [three[2], three[0]]
    assert ticked(page) == [0, 2]
    tick(page, [0, 1, 2])
    assert page.session_state.linked == [three[2], three[0], three[1]]
    page.session_state["linked"] = []
    assert page.run().session_state.chosen == []
    assert ticked(page) == []


def test_a_partly_selected_group_stays_so_when_another_is_selected():
    ticks = Ticks(chosen=["a"])
    ticks.show([("a", "b"), ("c", "d")])
    assert ticks.positions == []
    ticks.tick([1])
    assert ticks.chosen == ["a", "c", "d"]
    ticks.tick([0, 1])
    assert ticks.chosen == ["a", "c", "d", "b"]
    ticks.tick([1])
    assert ticks.chosen == ["c", "d"]


def test_a_thousand_rows_are_filtered_quickly():
    row = {"name": "mlp-512", "network": "MLP 512", "dataset": "mnist", "state": "✓ Finished", "note": "x" * 1000}
    many = pd.DataFrame([row] * 1000)
    before = time.process_time()
    assert len(matching(many, "mlp finished xxx")) == 1000
    assert time.process_time() - before < 0.5
