"""Runs made without training: with three epochs in any state, and with predictions of a chosen quality."""

from functools import cache

import numpy as np

from core.config.presets import PRESETS
from core.data import datasets
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.owner import Owner
from core.runs.predictions import labels_of, parts
from core.runs.status import ACTIVE, Status
from core.text import Message

EPOCHS = [
    (1, 0.6, 0.82, 0.30, 0.91, 0.001, 2),
    (2, 0.3, 0.91, 0.22, 0.94, 0.001, 2),
    (3, 0.2, 0.94, 0.2, 0.95, 0.001, 2),
]
BATCHES = [(epoch, batch, 0.9 / epoch, 0.8, 9000) for epoch in (1, 2, 3) for batch in (12, 25)]


def lay_out(runs_dir, state, *, config=None, epochs=EPOCHS, errors=None, seed=0, message="", **status):
    """A run with three epochs in this state; an active one is owned by the test's process.

    `errors` maps the epochs with predictions to their percentage of wrong ones.
    """
    config = config or PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20")
    owner = Owner.this() if state in ACTIVE else None
    status = {"epoch": len(epochs), "best_epoch": len(epochs) or None, "learning_rate": 0.001, **status}
    status["message"] = message if isinstance(message, Message) else Message.read({"message": message})
    folder = RunFolder.create(runs_dir, config, Status(state=state, owner=owner, **status))
    for path, columns, rows in (
        (folder.epochs_csv, EPOCH_COLUMNS, epochs),
        (folder.batches_csv, BATCH_COLUMNS, BATCHES if epochs else []),
    ):
        path.write_text("\n".join(",".join(map(str, row)) for row in [columns, *rows]) + "\n", encoding="utf-8")
    for epoch, percent in (errors or {}).items():
        answer(folder, epoch, percent, seed=seed)
    return folder


def answer(folder, epoch, percent, *, seed=0, never=()):
    """Write predictions for mnist-5k after an epoch, with a percentage of errors and without some classes."""
    config, data, logs = folder.manifest().config, labels("mnist-5k"), {}
    for part in parts(config):
        true = data[part]
        random = np.random.default_rng((seed, epoch, len(true)))
        predicted = true.copy()
        wrong = random.choice(len(true), len(true) * percent // 100, replace=False)
        predicted[wrong] = (true[wrong] + random.integers(1, 10, len(wrong))) % 10
        others = [digit for digit in range(10) if digit not in never]
        for digit in never:
            predicted[predicted == digit] = others[0]
        logits = random.normal(0, 0.5, (len(true), 10))
        logits[np.arange(len(true)), predicted] = logits.max(axis=1) + random.exponential(3, len(true)) + 0.1
        logs[part] = (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float16)
    folder.predictions(epoch).parent.mkdir(exist_ok=True)
    np.savez(folder.predictions(epoch), **logs)
    np.savez(folder.labels, **{part: data[part] for part in logs})


@cache
def labels(dataset):
    """The labels of a data set's parts."""
    data = datasets.load(dataset)
    return {part: labels_of(data, part).copy() for part in ("test", "validation")}


def stored(folder, epoch, part="test"):
    """A run's labels and probabilities, read from its files without product code."""
    with np.load(folder.predictions(epoch)) as predictions, np.load(folder.labels) as true:
        probabilities = np.exp(predictions[part].astype(np.float64))
        return true[part], probabilities / probabilities.sum(axis=1, keepdims=True)
