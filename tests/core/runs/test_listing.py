"""The table of runs: a run's files in one row."""

import math
from datetime import datetime

import pandas as pd
import pytest

from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, Label, RunFolder
from core.runs.listing import POINTS, UNREADABLE, TableCache, runs_table, seed_groups
from core.runs.status import Status

HELD_OUT = [
    (1, 0.6, 0.82, 0.30, 0.91, 0.001, 2),
    (2, 0.3, 0.91, 0.22, 0.94, 0.001, 2),
    (3, 0.2, 0.94, 0.25, 0.95, 0.001, 2),
]
NOTHING_HELD_OUT = [(1, 0.6, 0.82, "", "", 0.001, 2), (2, 0.3, 0.91, "", "", 0.001, 2)]


@pytest.fixture
def train(tmp_path):
    """Writes a run with these epochs."""

    def make(epochs=HELD_OUT, config=None, *, state="finished", name="", **status):
        status = Status(state=state, epoch=len(epochs), **status)
        folder = RunFolder.create(tmp_path / "runs", config or PRESETS["mlp-512"], status, name)
        write(folder, epochs)
        return folder

    return make


def write(folder, epochs):
    lines = [",".join(map(str, row)) for row in [EPOCH_COLUMNS, *epochs]]
    folder.epochs_csv.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_row_holds_what_is_in_the_runs_files(store, train):
    folder = train(name="one", best_epoch=2, test_accuracy=0.9812, seconds=6.5, config=PRESETS["cnn-16-36"])
    folder.write_label(Label(note="why"))
    table = runs_table(store.entries(), TableCache())
    assert list(table.index) == [folder.id]
    row = table.loc[folder.id]
    assert row.drop("group").to_dict() == {
        "name": "one",
        "network": "CNN 16-36",
        "dataset": "mnist",
        "parameters": 242_062,
        "epochs": 3,
        "best_epoch": 2,
        "val_accuracy": 0.94,
        "test_accuracy": 0.9812,
        "seconds": 6.5,
        "state": "finished",
        "created": datetime.fromtimestamp(folder.manifest().created),
        "shipped": False,
        "note": "why",
        "val_loss": [0.30, 0.22, 0.25],
        "seed": 1,
    }


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (PRESETS["mlp-512"], "MLP 512"),
        (PRESETS["mlp-512"].replace(hidden_units=(512, 256)), "MLP 512-256"),
        (PRESETS["mlp-512"].replace(hidden_units=()), "MLP"),
        (PRESETS["lenet-20-50"], "CNN 20-50"),
    ],
)
def test_a_network_is_described_by_its_kind_and_sizes(store, train, config, text):
    train(config=config)
    assert list(runs_table(store.entries(), TableCache())["network"]) == [text]


def test_without_validation_the_curve_is_the_training_loss(store, train):
    train(NOTHING_HELD_OUT)
    row = runs_table(store.entries(), TableCache()).iloc[0]
    assert row["val_loss"] == [0.6, 0.3]
    assert row["best_epoch"] == 2
    assert math.isnan(row["val_accuracy"])
    assert math.isnan(row["test_accuracy"])


def test_a_queued_run_has_no_figures(store, train):
    folder = train([], state="queued")
    folder.epochs_csv.unlink()
    row = runs_table(store.entries(), TableCache()).iloc[0]
    assert (row["state"], row["epochs"], row["val_loss"]) == ("queued", 0, [])
    assert row["best_epoch"] is pd.NA


def test_a_long_curve_is_thinned_but_keeps_its_first_and_last_point(store, train):
    train([(epoch, 1, 1, 1 / epoch, 0.9, 0.001, 2) for epoch in range(1, 401)])
    curve = runs_table(store.entries(), TableCache()).iloc[0]["val_loss"]
    assert len(curve) == POINTS
    assert (curve[0], curve[-1]) == (1.0, 1 / 400)
    assert curve == sorted(curve, reverse=True)


def test_nan_and_infinity_are_left_out_of_the_curve(store, train):
    train([(1, 0.6, 0.8, 0.5, 0.9, 0.1, 2), (2, "nan", 0.1, "nan", 0.1, 0.1, 2), (3, "inf", 0.1, "inf", 0.1, 0.1, 2)])
    assert runs_table(store.entries(), TableCache()).iloc[0]["val_loss"] == [0.5]


def test_an_unreadable_run_is_listed_with_its_reason(store, train):
    train()
    broken = train()
    (broken.path / "run.json").write_text("{", encoding="utf-8")
    table = runs_table(store.entries(), TableCache())
    assert list(table["state"]) == ["finished", UNREADABLE]
    assert table.loc[broken.id, "name"] == broken.id
    assert table.loc[broken.id, "note"] == "run.json cannot be read"
    assert table.loc[broken.id, "val_loss"] == []
    assert table["created"].isna().tolist() == [False, True]


def test_an_empty_table_has_the_same_columns_and_no_groups(store, train):
    empty = runs_table(store.entries(), TableCache())
    train()
    assert len(empty) == len(seed_groups(empty)) == 0
    pd.testing.assert_series_equal(empty.dtypes, runs_table(store.entries(), TableCache()).dtypes)


def test_a_copy_of_a_shipped_run_replaces_it(store, train, tmp_path):
    folder = train()
    (tmp_path / "shipped").mkdir()
    train(name="other").path.rename(tmp_path / "shipped" / folder.id)
    table = runs_table(store.entries(), TableCache())
    assert table["shipped"].to_dict() == {folder.id: False}


def test_a_second_table_shows_what_has_changed(store, train):
    folder, cache = train(HELD_OUT[:1], state="stopped"), TableCache()
    assert runs_table(store.entries(), cache).iloc[0]["val_loss"] == [0.30]
    write(folder, HELD_OUT)
    folder.change_status(epoch=3, state="finished")
    store.rename(folder.id, "renamed")
    row = runs_table(store.entries(), cache).iloc[0]
    assert (row["val_loss"], row["epochs"], row["name"]) == ([0.30, 0.22, 0.25], 3, "renamed")


def test_a_curve_that_cannot_be_read_is_empty_and_the_others_stay(store, train):
    folder = train()
    folder.epochs_csv.unlink()
    folder.epochs_csv.mkdir()
    train()
    assert sorted(map(len, runs_table(store.entries(), TableCache())["val_loss"])) == [0, 3]


def test_runs_that_differ_only_in_their_seed_form_one_group(store, train):
    config = RunConfig(dataset="mnist-5k")
    for seed, accuracy in ((1, 0.90), (2, 0.94), (3, None)):
        train(config=config.replace(seed=seed), test_accuracy=accuracy, seconds=4.0)
    other = train(config=config.replace(learning_rate=0.01), test_accuracy=0.5)
    broken = train()
    (broken.path / "status.json").unlink()
    table = runs_table(store.entries(), TableCache())
    groups = seed_groups(table).sort_values("runs")
    assert list(groups["runs"]) == [1, 3]
    assert list(groups["seeds"]) == [1, 3]
    assert list(groups["test_accuracy"]) == pytest.approx([0.5, 0.92])
    assert math.isnan(groups.iloc[0]["spread"])
    assert groups.iloc[1]["spread"] == pytest.approx(math.sqrt(2 * 0.02**2))
    assert groups.iloc[0]["ids"] == (other.id,)
    assert set(groups.iloc[1]["ids"]) == set(table.index) - {other.id, broken.id}


def test_unchanged_runs_are_not_read_again(store, train, monkeypatch):
    train()
    cache = TableCache()
    table = runs_table(store.entries(), cache)
    monkeypatch.delattr(CurveReader, "read")
    monkeypatch.delattr(RunFolder, "manifest")
    pd.testing.assert_frame_equal(runs_table(store.entries(), cache), table)
