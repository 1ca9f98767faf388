"""Batch counts, memory and speeds, derived from settings and from what runs wrote."""

import math

import pytest

from core.config.presets import PRESETS
from core.explain.lessons.batches import Batches, batch_bytes, measured_speeds, weight_bytes
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.status import Status
from core.runs.store import RunStore

CONFIG = PRESETS["mlp-512"].replace(dataset="mnist-5k", epochs=2, validation="last-20")


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
