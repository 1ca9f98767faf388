"""Training histories with a known fault, caused by their settings."""

import csv
import math
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.config.run import RunConfig
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.owner import Owner
from core.runs.status import Status

SEEDS = 60
"""Histories of each kind, with seeds from 1."""

TUNED_ON = 30
"""The last seed that the rules were tuned on."""

_COLUMNS = ("kind", "seed", "epoch", "loss", "val_loss", "learning_rate")

KINDS: dict[str, tuple[str, ...]] = {
    # enough regularization, or too few parameters, for the number of epochs
    "healthy": (
        "hidden_units=128|256|256,128 dropout=0.4|0.5 augmentation=light|medium optimizer=adam|rmsprop "
        "learning_rate=0.001|0.0015 batch_size=64|96 epochs=12|14|16",
        "hidden_units=128|192 dropout=0.5|0.6 optimizer=adam|rmsprop learning_rate=0.001 batch_size=96|128 epochs=8|10",
        "kind=cnn blocks=8@3-same-max,16@3-same-max optimizer=adam convolution_dropout=0.25|0.4 "
        "dense_units=64 dense_dropout=0.4|0.5 learning_rate=0.001|0.002 batch_size=48|64 epochs=10|12",
        "hidden_units= optimizer=adam|rmsprop learning_rate=0.003|0.004 batch_size=64|96 epochs=5|6",
        "optimizer=sgd hidden_units=128|256 dropout=0.4|0.5 augmentation=light|medium learning_rate=0.03|0.05 "
        "batch_size=64|96 epochs=10|12",
    ),
    # many parameters, 3,200 images, no regularization, and many more epochs than it takes to memorize them
    "overfits early": (
        "hidden_units=256|384|256,128 optimizer=adam|rmsprop learning_rate=0.0015|0.002 batch_size=32|48 epochs=16|18",
        "kind=cnn blocks=8@3-same-max,16@3-same-max convolution_dropout=0.0 dense_units=64|128 optimizer=adam "
        "learning_rate=0.002|0.003 batch_size=32|48 epochs=18",
        "optimizer=sgd hidden_units=256|256,128 learning_rate=0.03|0.05 batch_size=32 epochs=16|18",
    ),
    # the same, slowed down by dropout or a lower rate, and ended soon after the images are memorized
    "overfits late": (
        "optimizer=adam hidden_units=256|384 dropout=0.2|0.3 learning_rate=0.001|0.0012 batch_size=64 epochs=22|26",
        "hidden_units=256|384 activation=relu|tanh|elu optimizer=adam|rmsprop learning_rate=0.0005|0.0006 "
        "batch_size=96|128 epochs=24|28",
    ),
    # 50 to 1,000 times the usual rate: training loss stays far above what the network reaches with the usual one
    "rate too high": (
        "optimizer=adam hidden_units=128|256 activation=relu|sigmoid learning_rate=0.1|0.15 batch_size=48|64 "
        "epochs=8|10",
        "optimizer=sgd hidden_units=128|256 learning_rate=0.5|0.6|0.7 batch_size=48|64 epochs=8|10",
        "optimizer=adam hidden_units=128|256 batch_normalization=true learning_rate=0.7|1 batch_size=48|64 epochs=8|10",
        "optimizer=adam hidden_units=128|256 activation=tanh learning_rate=0.05|0.07 batch_size=48|64 epochs=8|10",
    ),
    # a 30th to a 100th of the usual rate
    "rate too low": (
        "hidden_units=128|256|256,128 dropout=0.0|0.2 activation=relu|tanh|gelu optimizer=adam|rmsprop "
        "learning_rate=0.00001|0.00002 batch_size=64|128 epochs=8|10|14",
        "optimizer=sgd hidden_units=128|256| momentum=0.0 learning_rate=0.001|0.003 batch_size=48|64 epochs=8|10|14",
        "kind=cnn blocks=8@3-same-max,16@3-same-max convolution_dropout=0.0 dense_units=64|128 optimizer=adam "
        "learning_rate=0.00003 batch_size=64 epochs=8|10",
    ),
    # rates at which every update overshoots, with activations that cannot die
    "diverges": (
        "optimizer=sgd hidden_units=64|128|256 activation=elu|tanh learning_rate=1|2|3 batch_size=48|64 epochs=6|8",
        "optimizer=adam hidden_units=128|256 activation=elu learning_rate=3|5|10 batch_size=48|64 epochs=6|8",
        "optimizer=sgd hidden_units=256|256,128|256,256 activation=elu momentum=0.99 learning_rate=0.5|0.7|1 "
        "batch_size=48|64 epochs=6|8",
    ),
    # no gradient: deep stacks of sigmoids, or ReLUs that the first updates pushed below zero for every image
    "dead": (
        "optimizer=sgd hidden_units=64,64,64,64,64|64,64,64,64,64,64|128,128,128,128,128 activation=sigmoid "
        "momentum=0.0|0.9 learning_rate=0.001|0.01 batch_size=48|64 epochs=5|6|8",
        "kind=cnn blocks=8@3-same-max,16@3-same-max convolution_dropout=0.0 dense_units=64|128 optimizer=adam "
        "learning_rate=0.1|0.2 batch_size=48|64 epochs=5|6",
        "optimizer=adam hidden_units=128,128,128|128,128,128,128 learning_rate=0.3|0.5 batch_size=48|64 epochs=5|6|8",
    ),
    # small batches at ten times a suitable rate: it learns, but every epoch ends somewhere else
    "noisy": (
        "hidden_units=192|256|384 dropout=0.0|0.1|0.2 optimizer=rmsprop learning_rate=0.01|0.012|0.015 "
        "batch_size=16|24 epochs=8|9|10",
        "optimizer=adam hidden_units=64|96 learning_rate=0.015|0.02 batch_size=16|24 epochs=8|9|10",
        "optimizer=rmsprop hidden_units=96|128 learning_rate=0.01|0.012 batch_size=16|24 epochs=8|9|10",
    ),
}
"""Kinds of histories and the settings that cause them, as in links, with `|` between values to draw from."""


@dataclass(frozen=True, slots=True)
class History:
    """One value per epoch; if the loss became NaN, the last row is NaN."""

    kind: str
    seed: int
    learning_rate: float
    loss: tuple[float, ...]
    val_loss: tuple[float, ...]

    @property
    def held_out(self) -> bool:
        """Whether the rules were not tuned on this history."""
        return self.seed > TUNED_ON


def settings(kind: str, seed: int) -> RunConfig:
    """The settings of one history of this kind, reproducible from the seed."""
    # seeding with a string gives the same sequence in every Python
    chance = random.Random(f"{kind} {seed}")
    # in pairs, so that both halves have all causes of the fault
    choices = KINDS[kind][(seed - 1) // 2 % len(KINDS[kind])]
    named = (choice.partition("=") for choice in choices.split())
    chosen = {name: chance.choice(values.split("|")) for name, _, values in named}
    base = RunConfig(preset=chosen.get("kind", "mlp"), dataset="mnist-5k", validation="last-20", precision="float32")
    return base.replace(**chosen, seed=seed)


def train(kind: str, seed: int) -> History:
    """Train one history with the worker, in this process."""
    import keras

    # elsewhere the worker is started by name; here one import serves all histories
    from core.training.worker import run

    config = settings(kind, seed)
    with tempfile.TemporaryDirectory(prefix="digit-lab-verdict-") as folder:
        run_folder = RunFolder.create(Path(folder), config, Status(state="starting", owner=Owner.this()), kind)
        status = run(run_folder)
        rows = CurveReader(run_folder.epochs_csv, EPOCH_COLUMNS).read()
    keras.backend.clear_session()
    table = [dict(zip(EPOCH_COLUMNS, row, strict=True)) for row in rows]
    if status.state == "failed":
        table.append(dict.fromkeys(EPOCH_COLUMNS, math.nan))
    columns = (tuple(row[name] for row in table) for name in ("loss", "val_loss"))
    return History(kind, seed, config.learning_rate, *columns)


def write(path: Path, histories: Iterable[History]) -> None:
    """Write all histories as one CSV with one row per epoch; NaN is left empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(_COLUMNS)
        for history in histories:
            rows = zip(history.loss, history.val_loss, strict=True)
            for epoch, values in enumerate(rows, start=1):
                shown = ("" if math.isnan(value) else f"{value:.4g}" for value in values)
                lines.writerow((history.kind, history.seed, epoch, *shown, f"{history.learning_rate:g}"))


def read(path: Path) -> list[History]:
    """Read the histories that `write` wrote."""
    rows = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["kind"], int(row["seed"]), float(row["learning_rate"])].append(row)
    return [
        History(
            *key,
            *(tuple(float(row[name] or "nan") for row in found) for name in ("loss", "val_loss")),
        )
        for key, found in rows.items()
    ]
