"""Batch counts, memory, speeds and ladders, derived from settings and from what runs wrote."""

import math

import pytest

from core.config.presets import PRESETS
from core.explain.lessons.batches import Batches, batch_bytes, measured_speeds, weight_bytes
from core.explain.lessons.ladder import RUNGS, best, climb, epoch_guess, ladder_config
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.status import Status
from core.runs.store import RunStore

CONFIG = ladder_config("mlp-512", "mnist-5k", 2)


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "none")


def put(store, config, *, state="finished", val_losses=(1.0, 0.5), seconds=2.0, **status):
    folder = RunFolder.create(store.runs_dir, config, Status(state=state, **status))
    rows = [(e, 0.5, 0.9, loss, 0.9, 0.001, seconds) for e, loss in enumerate(val_losses, start=1)]
    batches = [(e, 12, 1 / e, 0.8, 900) for e in range(1, len(val_losses) + 1)]
    for path, columns, lines in (
        (folder.epochs_csv, EPOCH_COLUMNS, rows),
        (folder.batches_csv, BATCH_COLUMNS, batches),
    ):
        path.write_text("\n".join(",".join(map(str, line)) for line in [columns, *lines]) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("images", "size", "epochs", "expected"),
    [
        (60_000, 128, 5, (469, 2345, 96)),
        (48_000, 300, 20, (160, 3200, 300)),
        (10, 10, 1, (1, 1, 10)),
        (3, 2, 1, (2, 2, 1)),
    ],
)
def test_batch_counts_match_the_tutorials(images, size, epochs, expected):
    batches = Batches(images, size, epochs)
    assert (batches.per_epoch, batches.total, batches.last) == expected
    assert (batches.per_epoch - 1) * size + batches.last == images


def test_memory_of_batches_grows_with_their_size_but_not_that_of_weights():
    config = PRESETS["cnn-16-36"]
    table = config.layer_table
    outputs = sum(math.prod(row.output_shape) for row in table if row.layer.name != "flatten")
    assert batch_bytes(config, 1) == 4 * (784 + outputs)
    assert batch_bytes(config, 300) == 300 * batch_bytes(config, 1)
    # a weight, its gradient, and Adam's two moments
    assert weight_bytes(config) == 16 * 242_062


def test_speeds_come_from_the_newest_run_of_each_kind(store):
    put(store, CONFIG, seconds=4.0)
    put(store, PRESETS["cnn-16-36"], val_losses=())
    table = measured_speeds(store.runs())
    assert len(table) == 1
    (row,) = table.to_dict("records")
    assert (row["batch"], row["seconds"], row["update_ms"], row["images_per_second"]) == (
        128,
        4.0,
        1000 * 128 / 900,
        900.0,
    )


def test_a_ladder_has_a_rung_for_each_rate_with_its_run(store):
    put(store, CONFIG.replace(learning_rate=0.003))
    put(store, CONFIG.replace(learning_rate=0.003, epochs=1))
    put(store, CONFIG.replace(learning_rate=0.001), state="queued", val_losses=())
    rungs = climb(CONFIG, store.runs())
    assert [rung.rate for rung in rungs] == list(RUNGS)
    assert [rung.state for rung in rungs] == ["none", "none", "finished", "queued", "none", "none"]
    assert [rung.busy for rung in rungs] == [False, False, False, True, False, False]
    assert rungs[2].losses() == ([12.0, 37.0], [1.0, 0.5])
    assert rungs[0].losses() == ([], [])
    assert best(rungs) is None


def test_a_finished_run_is_preferred_to_a_newer_stopped_one(store):
    finished = put(store, CONFIG.replace(learning_rate=0.01))
    put(store, CONFIG.replace(learning_rate=0.01), state="stopped")
    assert climb(CONFIG, store.runs())[1].run.id == finished.id


def test_the_best_rung_has_the_lowest_final_validation_loss(store):
    for rate, losses in zip(RUNGS[1:], ((9.0, 2.31), (0.2, 0.4), (0.9, 0.3), (1.0, 0.6), (2.0, 1.9)), strict=True):
        put(store, CONFIG.replace(learning_rate=rate), val_losses=losses)
    put(store, CONFIG.replace(learning_rate=RUNGS[0]), state="failed", val_losses=(), batch=7)
    rungs = climb(CONFIG, store.runs())
    assert [rung.diverged for rung in rungs] == [True, True, False, False, False, False]
    assert best(rungs).rate == 0.001


def test_a_run_that_failed_before_training_does_not_count_as_tried(store):
    for rate in RUNGS:
        put(store, CONFIG.replace(learning_rate=rate))
    put(store, CONFIG.replace(learning_rate=0.01, seed=2), state="failed", val_losses=())
    assert climb(CONFIG.replace(seed=2), store.runs())[1].tried is False
    assert best(climb(CONFIG, store.runs())) is not None


def test_epoch_duration_is_estimated_from_a_run_of_the_same_network(store):
    assert epoch_guess(CONFIG, store.runs()) is None
    put(store, PRESETS["cnn-16-36"], seconds=50.0)
    assert epoch_guess(CONFIG, store.runs()) is None
    put(store, PRESETS["mlp-512"], seconds=6.0)
    assert epoch_guess(CONFIG, store.runs()) == pytest.approx(6.0 * 3_200 / 60_000)
