"""Trainings at settings drawn by chance, as what the trials of simulated sweeps end with.

`python -m benchmarks.search.trainings` makes `trainings.csv` again, with the product's worker in one process.
"""

import csv
import math
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.owner import Owner
from core.runs.status import Status
from core.sweeps.variation import Value, Values, Variation, applied, read_variation

FILE = Path(__file__).with_name("trainings.csv")
COUNT = 200
BASE = PRESETS["mlp"].replace(dataset="mnist-5k", validation="last-20", epochs=4, hidden_units="64")
VARIED = tuple(
    read_variation(text, BASE)
    for text in ("learning_rate=0.00001..1:log", "hidden_units.1=8..128", "batch_size=32,64,128,256")
)
_SETTINGS = [each.name for each in VARIED]
_PER_EPOCH = ("val_loss", "val_accuracy")
_COLUMNS = [*_SETTINGS, *(f"{name}_{epoch}" for epoch in range(1, BASE.epochs + 1) for name in _PER_EPOCH)]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Trainings:
    """The settings of n trainings (n, 3), their validation losses and accuracies (n, epochs); NaN once the loss is."""

    settings: Floats
    losses: Floats
    accuracies: Floats

    @classmethod
    def read(cls) -> Self:
        """Those of the file."""
        table = np.loadtxt(FILE, delimiter=",", skiprows=1)
        settings, rest = np.split(table, [len(VARIED)], axis=1)
        return cls(settings, rest[:, ::2], rest[:, 1::2])

    @property
    def scores(self) -> Floats:
        """The accuracy of each one's best epoch, which a run keeps (n,); 0 where the loss became NaN."""
        whole = np.logical_and.reduce(np.isfinite(self.losses), axis=1)
        best = np.where(whole[:, None], self.losses, 0).argmin(axis=1)
        return np.where(whole, self.accuracies[np.arange(len(self.losses)), best], 0.0)


def drawn(count: int = COUNT) -> list[dict[str, Value]]:
    """What so many trainings vary, the same in each call."""
    # seeding with a string gives the same sequence in every Python
    chance = random.Random("search")
    return [{each.name: _number(each, chance) for each in VARIED} for _ in range(count)]


def _number(varied: Variation, chance: random.Random) -> Value:
    if isinstance(varied, Values):
        return chance.choice(varied.values)
    low, high = varied.low, varied.high
    value = math.exp(chance.uniform(math.log(low), math.log(high))) if varied.log else chance.uniform(low, high)
    return varied.number(value)


def trained(config: RunConfig) -> list[float]:
    """Validation loss and accuracy after each epoch of a training in this process, NaN once the loss is NaN.

    Raises RuntimeError where it does not end.
    """
    import keras

    # elsewhere the worker is started by name; here one import serves all trainings
    from core.training.worker import run

    with tempfile.TemporaryDirectory(prefix="digit-lab-search-") as folder:
        run_folder = RunFolder.create(Path(folder), config, Status(state="starting", owner=Owner.this()))
        status = run(run_folder)
        rows = CurveReader(run_folder.epochs_csv, EPOCH_COLUMNS).read()
    keras.backend.clear_session()
    if status.state != "finished" and status.exploded is None:
        raise RuntimeError(f"A training is {status.state}: {status.message}")
    values = [row[EPOCH_COLUMNS.index(name)] for row in rows for name in _PER_EPOCH]
    return values + [math.nan] * (len(_PER_EPOCH) * config.epochs - len(values))


def main() -> None:
    """Train all and write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(_COLUMNS)
        for number, values in enumerate(tqdm(drawn(), file=sys.stderr)):
            figures = trained(applied(BASE, values).replace(seed=number + 1))
            lines.writerow([*(f"{value:g}" for value in values.values()), *(f"{figure:.5g}" for figure in figures)])


if __name__ == "__main__":
    main()
