"""The list of runs: a run's files in one row, and the groups of runs."""

import pytest

from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.listing import POINTS, SEEDS, UNREADABLE, ListCache, groups, run_rows
from core.runs.manifest import Group
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

    def make(epochs=HELD_OUT, config=None, *, state="finished", name="", group=None, **status):
        status = Status(state=state, epoch=len(epochs), **status)
        folder = RunFolder.create(tmp_path / "runs", config or PRESETS["mlp-512"], status, name, group=group)
        write(folder, epochs)
        return folder

    return make


@pytest.fixture
def rows(store):
    """Reads the rows of all runs."""
    return lambda cache=None: run_rows(store.entries(), cache or ListCache())


def write(folder, epochs):
    lines = [",".join(map(str, row)) for row in [EPOCH_COLUMNS, *epochs]]
    folder.epochs_csv.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_row_holds_what_is_in_the_runs_files(rows, train):
    folder = train(name="one", best_epoch=2, test_accuracy=0.9812, seconds=6.5, config=PRESETS["cnn-16-36"])
    (row,) = rows()
    assert (row.id, row.run.name, row.state, row.network) == (folder.id, "one", "finished", "CNN 16-36")
    assert (row.parameters, row.epochs, row.best_epoch, row.seed) == (242_062, 3, 2, 1)
    assert (row.val_loss, row.val_accuracy, row.test_accuracy, row.seconds) == (0.22, 0.94, 0.9812, 6.5)
    assert row.config == PRESETS["cnn-16-36"]
    assert row.curve == [0.30, 0.22, 0.25]


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (PRESETS["mlp-512"], "MLP 512"),
        (PRESETS["mlp-512"].replace(hidden_units=(512, 256)), "MLP 512-256"),
        (PRESETS["mlp-512"].replace(hidden_units=()), "MLP"),
        (PRESETS["lenet-20-50"], "CNN 20-50"),
    ],
)
def test_a_network_is_described_by_its_kind_and_sizes(rows, train, config, text):
    train(config=config)
    assert rows()[0].network == text


def test_without_validation_the_curve_is_the_training_loss(rows, train):
    train(NOTHING_HELD_OUT)
    (row,) = rows()
    assert row.curve == [0.6, 0.3]
    assert row.best_epoch == 2
    assert row.val_accuracy is row.val_loss is row.test_accuracy is None


def test_a_queued_run_has_no_figures(rows, train):
    folder = train([], state="queued")
    folder.epochs_csv.unlink()
    (row,) = rows()
    assert (row.state, row.epochs, row.curve, row.best_epoch) == ("queued", 0, [], None)


def test_a_long_curve_is_thinned_but_keeps_its_first_and_last_point(rows, train):
    train([(epoch, 1, 1, 1 / epoch, 0.9, 0.001, 2) for epoch in range(1, 401)])
    curve = rows()[0].curve
    assert len(curve) == POINTS
    assert (curve[0], curve[-1]) == (1.0, 1 / 400)
    assert curve == sorted(curve, reverse=True)


def test_nan_and_infinity_are_left_out_of_the_curve(rows, train):
    train([(1, 0.6, 0.8, 0.5, 0.9, 0.1, 2), (2, "nan", 0.1, "nan", 0.1, 0.1, 2), (3, "inf", 0.1, "inf", 0.1, 0.1, 2)])
    assert rows()[0].curve == [0.5]


def test_an_unreadable_run_is_listed_with_its_reason(rows, train):
    train()
    broken = train()
    (broken.path / "run.json").write_text("{", encoding="utf-8")
    good, bad = rows()
    assert (good.state, good.problem) == ("finished", None)
    assert (bad.id, bad.state, str(bad.problem)) == (broken.id, UNREADABLE, "run.json cannot be read")
    assert not bad.curve
    assert bad.config is bad.epochs is None


def test_a_copy_of_a_shipped_run_replaces_it(rows, train, tmp_path):
    folder = train()
    (tmp_path / "shipped").mkdir()
    train(name="other").path.rename(tmp_path / "shipped" / folder.id)
    assert [(row.id, row.run.shipped) for row in rows()] == [(folder.id, False)]


def test_a_second_list_shows_what_has_changed(store, rows, train):
    folder, cache = train(HELD_OUT[:1], state="stopped"), ListCache()
    assert rows(cache)[0].curve == [0.30]
    write(folder, HELD_OUT)
    folder.change_status(epoch=3, state="finished")
    store.rename(folder.id, "renamed")
    (row,) = rows(cache)
    assert (row.curve, row.epochs, row.run.name) == ([0.30, 0.22, 0.25], 3, "renamed")


def test_a_curve_that_cannot_be_read_is_empty_and_the_others_stay(rows, train):
    folder = train()
    folder.epochs_csv.unlink()
    folder.epochs_csv.mkdir()
    train()
    assert sorted(len(row.curve) for row in rows()) == [0, 3]


def test_unchanged_runs_are_not_read_again(rows, train, monkeypatch):
    train()
    cache = ListCache()
    before = rows(cache)
    monkeypatch.delattr(CurveReader, "read")
    monkeypatch.delattr(RunFolder, "manifest")
    assert rows(cache) == before


def test_runs_queued_as_one_experiment_form_a_group(rows, train):
    group, alone = Group("ladder", "a"), Group("ladder", "b")
    members = {train(config=RunConfig(learning_rate=rate), group=group).id for rate in (0.1, 0.01)}
    train(group=alone)
    train()
    assert groups(rows()) == dict.fromkeys(members, group)


def test_three_seeds_of_the_same_settings_form_a_group(rows, train):
    config = RunConfig(dataset="mnist-5k")
    seeds = {train(config=config.replace(seed=seed)).id for seed in (1, 2, 3, 3)}
    for seed in (1, 2):
        train(config=config.replace(learning_rate=0.01, seed=seed))
    for _ in range(4):
        train(config=config.replace(optimizer="sgd"))
    (train().path / "status.json").unlink()
    found = groups(rows())
    assert found.keys() == seeds
    (group,) = set(found.values())
    assert group.kind == SEEDS
