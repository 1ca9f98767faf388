"""The table of runs: columns, filter, order, groups and selection."""

import time

import pytest

from core.charts.palette import LIGHT
from core.config.presets import PRESETS
from core.runs.entries import Run
from core.runs.folder import RunFolder
from core.runs.label import Label
from core.runs.listing import RunRow
from core.runs.manifest import Group
from core.runs.status import Status
from core.runs.store import RunStore
from core.sweeps.folder import SweepFolder
from pages.runs.table import matching
from tests.core.sweeps.conftest import RATES, a_sweep
from tests.pages.conftest import link
from tests.pages.shown import sentences, texts

MLP = PRESETS["mlp-512"].replace(dataset="mnist-5k")


def own(table):
    """The ids of the rows of runs that are not included examples."""
    return [row["id"] for row in table.data["rows"] if "included" not in row["badges"]]


def test_a_run_is_a_row_in_words_that_links_to_its_page(app, make_run, table):
    folder = make_run("finished", config=MLP.replace(validation="last-20"), test_accuracy=0.9812, seconds=72)
    rows = table(app("runs"))
    assert rows.columns[0] == "name"
    cells = {name: rows.text(folder.id, name) for name in rows.columns[1:-1]}
    assert cells == {
        "state": "✓ Finished",
        "test_accuracy": "98.12\xa0%",
        "curve": "Ends at 0.2",
        "dataset": "MNIST sample (5,000)",
        "learning_rate": "0.001",
        "optimizer": "RMSprop",
        "batch_size": "128",
        "epochs": "3",
        "seconds": "1:12",
    }
    row = rows.rows[folder.id]
    assert row["curve"]["curve"] == [0.30, 0.22, 0.2]
    assert row["href"] == f"./run?run={folder.id}"
    assert row["color"] in LIGHT.runs


def test_the_included_examples_differ_in_color(app, table):
    found = [row["color"] for row in table(app("runs")).data["rows"]]
    assert len(set(found)) == len(found) > 5


def test_clicking_a_name_opens_the_run(app, make_run, table):
    folder = make_run("finished")
    rows = table(app("runs"))
    rows.open("../nowhere")
    assert not rows.test.query_params
    rows.open(folder.id)
    assert rows.test.query_params["run"] == folder.id
    assert rows.test.get("tab_container") or "Curves" in {tab.label for tab in rows.test.tabs}


def test_chosen_columns_are_shown_in_their_order_and_kept_in_the_link(app, make_run, table):
    folder = make_run("finished")
    test = app("runs")
    default = table(test).columns
    test.pills(key="runs.columns").set_value(["seed", "parameters"]).run()
    assert table(test).columns == ["name", "parameters", "seed"]
    assert table(test).text(folder.id, "parameters") == "407,050"
    assert test.query_params == {"columns": "parameters,seed"}
    assert table(app("runs", columns="parameters,seed")).columns == ["name", "parameters", "seed"]
    test.button(key="runs.columns.default").click().run()
    assert table(test).columns == default
    assert not test.query_params


def test_the_size_on_disk_is_measured_in_the_background(app, make_run, table):
    folder = make_run("finished")
    (folder.path / "model.keras").write_bytes(bytes(5_000_000))
    test = app("runs", columns="size")
    deadline = time.monotonic() + 20
    while table(test).text(folder.id, "size") == "–":
        assert time.monotonic() < deadline
        test.run()
    assert table(test).text(folder.id, "size") == "5.0 MB"


def test_an_unreadable_run_shows_its_problem_and_has_no_link(app, make_run, table):
    folder = make_run("finished")
    (folder.path / "run.json").write_text("{", encoding="utf-8")
    rows = table(app("runs", columns="state,note"))
    row = rows.rows[folder.id]
    assert (row["name"], row["href"]) == (folder.id, "")
    assert (row["state"]["text"], row["note"]["text"]) == ("? Unreadable", "run.json cannot be read")


def test_without_any_run_a_note_says_so(app, monkeypatch, runs_dir):
    monkeypatch.setattr("core.runs.store.SHIPPED_DIR", runs_dir / "none")
    assert "No runs yet" in texts(app("runs"))


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("", 2),
        ("CNN", 1),
        ("512 mnist-5k finished", 1),
        ("  ✓  MLP ", 1),
        ("stopped mlp", 0),
        ("adam", 1),
        ("zebra", 1),
        ("THESIS", 1),
    ],
)
def test_the_filter_finds_all_words_ignoring_case(app, make_run, table, words, count):
    folder = make_run("finished", config=MLP)
    folder.write_label(Label(note="Zebra stripes", tags=("thesis",)))
    make_run("stopped", config=PRESETS["cnn-16-36"])
    test = app("runs")
    test.text_input(key="runs.filter").set_value(words).run()
    shown = own(table(test)) if "No runs match" not in texts(test) else []
    assert len(shown) == count


def test_a_filter_without_matches_names_its_words(app):
    test = app("runs")
    test.text_input(key="runs.filter").set_value("no*such* run").run()
    assert "No runs match “no\\*such\\* run”" in texts(test)


def test_a_column_sorts_up_down_and_not_at_all(app, make_run, table):
    ids = [make_run("finished", config=MLP.replace(epochs=3), test_accuracy=share).id for share in (0.91, 0.93, 0.92)]
    waiting = make_run("queued", epochs=[]).id
    rows = table(app("runs"))
    before = own(rows)
    rows.sort("test_accuracy")
    assert own(rows) == [ids[1], ids[2], ids[0], waiting]
    assert rows.data["columns"][rows.columns.index("test_accuracy")]["sorted"] == "descending"
    assert rows.test.query_params == {"sorted_by": "test_accuracy", "descending": "true"}
    rows.sort("test_accuracy")
    assert own(rows) == [ids[0], ids[2], ids[1], waiting]
    rows.sort("test_accuracy")
    assert own(rows) == before


def test_pinned_runs_come_first(app, make_run, table):
    pinned = make_run("finished")
    pinned.write_label(Label(pinned=True))
    for _ in range(2):
        make_run("finished")
    rows = table(app("runs"))
    assert own(rows)[0] == pinned.id
    assert "pinned" in rows.rows[pinned.id]["badges"]


def test_seeds_fold_into_one_row_with_their_mean(app, make_run, table):
    shares = (0.90, 0.92, 0.94)
    ids = [
        make_run("finished", config=MLP.replace(seed=seed), test_accuracy=share, seconds=10).id
        for seed, share in enumerate(shares, start=1)
    ]
    rows = table(app("runs"))
    (group,) = [row for row in rows.rows.values() if row["group"]]
    assert (group["name"], group["badges"], group["open"]) == ("Seeds · MLP 512", ["3 runs"], False)
    assert group["test_accuracy"]["text"] == "92.00 ± 2.00\xa0%"
    assert group["seconds"]["text"] == "30.0 s"
    assert {row_id for row_id, row in rows.rows.items() if row["parent"] == group["id"]} == set(ids)


def test_a_ladder_folds_into_one_row_with_its_best_run(app, runs_dir, make_run, table):
    group = Group("ladder", "x")
    for rate, share in ((0.1, 0.5), (0.0010449, 0.95)):
        status = Status(state="finished", test_accuracy=share, seconds=5)
        RunFolder.create(runs_dir, MLP.replace(learning_rate=rate), status, f"rate {rate}", group=group)
    make_run("finished")
    rows = table(app("runs"))
    (row,) = [row for row in rows.rows.values() if row["group"]]
    assert row["name"] == "Learning rates · MLP 512"
    assert row["test_accuracy"]["text"] == "best 95.00\xa0%"
    assert row["learning_rate"]["text"] == "0.001 – 0.1"
    assert row["optimizer"]["text"] == "RMSprop"
    assert "best" not in row["created"]["text"]


def test_a_sweep_is_named_in_the_readers_language(app, runs_dir, table):
    group = SweepFolder.create(RunStore(runs_dir), a_sweep(RATES), "").group
    for rate in (0.1, 0.01):
        config = MLP.replace(learning_rate=rate)
        RunFolder.create(runs_dir, config, Status(state="finished"), f"rate {rate}", group=group)
    (row,) = [row for row in table(app("runs", lang="zh-Hant")).rows.values() if row["group"]]
    assert row["name"].endswith("：學習率")


def test_a_group_opens_where_the_filter_or_the_selection_is_about_its_runs(app, make_run, table):
    ids = [make_run("finished", config=MLP.replace(seed=seed)).id for seed in (1, 2, 3)]
    RunStore().rename(ids[0], "zebra one")
    RunStore().rename(ids[1], "zebra two")
    test = app("runs", runs=ids[2])
    assert [row["open"] for row in table(test).data["rows"] if row["group"]] == [True]
    test.text_input(key="runs.filter").set_value("zebra").run()
    assert {row["id"] for row in table(test).data["rows"] if not row["group"]} == set(ids[:2])
    test.text_input(key="runs.filter").set_value("zebra one").run()
    # a single run is not a group
    assert [row["id"] for row in table(test).data["rows"]] == [ids[0]]


def test_the_selection_is_kept_in_order_and_in_the_link(app, two, table):
    rows = table(app("runs"))
    rows.choose(two[1].id, "<b>", two[0].id, 7)
    assert rows.test.query_params == {"runs": link(two[1], two[0])}
    assert rows.data["chosen"] == [two[1].id, two[0].id]
    assert (rows.rows[two[1].id]["mark"], rows.rows[two[0].id]["mark"]) == ("A", "B")
    assert rows.rows[two[0].id]["color"] != rows.rows[two[1].id]["color"]
    rows.choose(two[0].id)
    assert rows.data["chosen"] == [two[0].id]
    assert rows.rows[two[0].id]["mark"] == ""
    assert not sentences(rows.test)


def test_hidden_runs_stay_selected_and_are_counted(app, two, table):
    two[0].write_label(Label("zebra"))
    test = app("runs", runs=link(*two))
    test.text_input(key="runs.filter").set_value("zebra").run()
    assert "1 hidden by the filter" in texts(test)
    rows = table(test)
    rows.choose(two[1].id)
    assert rows.test.query_params == {"runs": two[1].id}


def test_a_thousand_rows_are_filtered_quickly(tmp_path):
    run = Run(folder=RunFolder(tmp_path), manifest=None, status=None, label=Label("mlp-512", "x" * 1000))
    rows = [RunRow(run=run, state="finished", network="MLP 512", config=MLP)] * 1000
    before = time.process_time()
    assert len(matching(rows, "mlp finished xxx")) == 1000
    assert time.process_time() - before < 0.5
