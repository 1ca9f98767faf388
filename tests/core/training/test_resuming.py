"""The point from which an interrupted run resumes."""

from types import SimpleNamespace

import keras

from core.config.run import RunConfig
from core.runs.curves import CurveReader
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.status import Status
from core.training.callbacks.resuming import Resuming


def test_rows_after_the_resume_point_are_removed(tmp_path):
    folder = RunFolder.create(tmp_path, RunConfig(dataset="mnist-5k"), Status(state="interrupted"))
    (folder.path / "checkpoints").mkdir(exist_ok=True)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    recording = SimpleNamespace(row=(2.0, 0.5, 0.9, 0.4, 0.9, 0.001, 1.0), best_epoch=lambda: 2)
    point = Resuming(folder, recording, [])
    point.set_model(model)
    point.on_epoch_end(1)
    # a killed worker has trained on: a third epoch, and a batch of the fourth
    epochs = [f"{epoch},0.5,0.9,0.4,0.9,0.001,1" for epoch in (1, 2, 3)]
    batches = [f"{epoch},{batch},0.5,0.9,100" for epoch, batch in ((1, 8), (2, 4), (2, 8), (3, 4), (3, 8), (4, 4))]
    for path, columns, rows in (
        (folder.epochs_csv, EPOCH_COLUMNS, epochs),
        (folder.batches_csv, BATCH_COLUMNS, batches),
    ):
        path.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")

    assert Resuming(folder, SimpleNamespace(), []).restore(model) == 2
    assert [row[0] for row in CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()] == [1, 2]
    assert [row[:2] for row in CurveReader(folder.batches_csv, BATCH_COLUMNS).read()] == [(1, 8), (2, 4), (2, 8)]
