"""What logs say about one training: a value for each metric and epoch, under our names of the metrics."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
MOST_EPOCHS = 1_000
"""A run has no more."""

Values = dict[int, float]
"""A metric's value by epoch; NaN and infinite values are NaN, missing ones are not in it."""

_SAME = {
    "acc": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "categorical_accuracy": "accuracy",
    "binary_accuracy": "accuracy",
    "lr": "learning_rate",
    "learningrate": "learning_rate",
    "learning_rate": "learning_rate",
}
_PARTS = {"train": "", "training": "", "val": "val_", "valid": "val_", "validation": "val_"}
_PART = re.compile(rf"({'|'.join(_PARTS)})[_/]")
_LARGEST = 3e38
"""A training's numbers are float32."""


@dataclass(slots=True)
class Training:
    """A training in a file."""

    file: str
    place: int = field(default=0, kw_only=True)
    """The file's place among those that were given, since two may have the same name."""
    rough: int = 0
    """How coarse its numbers are: of two values, that of the finer file is kept."""
    metrics: dict[str, Values] = field(default_factory=dict)
    """By our names."""
    left_out: dict[str, None] = field(default_factory=dict)
    """Metrics that have no such name."""
    times: Values = field(default_factory=dict)
    """When each epoch ended, in seconds since 1970, if the file says so."""
    began: float | None = None
    """When the file was made, which is when the training began, or its first validation."""
    skipped: int = 0
    """Damaged lines or records."""

    @property
    def epochs(self) -> set[int]:
        """All epochs for which it has a value."""
        return {epoch for values in self.metrics.values() for epoch in values}


def metric_of(name: str) -> str:
    """Our name of a metric, such as `val_accuracy` for `val_acc`; empty for one that no curve shows."""
    plain = re.sub(r"[\s-]+", "_", name.strip().lower())
    part = _PART.match(plain)
    prefix, base = (_PARTS[part[1]], plain[part.end() :]) if part else ("", plain)
    # Keras 2 numbers the metrics of a second model
    base = re.sub(r"_\d{1,2}$", "", base)
    found = f"{prefix}{_SAME.get(base, base)}"
    return found if found in METRICS else ""


def first_is_one(epochs: Iterable[int]) -> dict[int, int]:
    """Our number of each epoch, from 1: Keras's files count from 0."""
    known = set(epochs)
    # a file that starts with 1 was not written by Keras's callbacks, or not from the training's beginning
    shift = 0 if min(known, default=0) == 1 else 1
    return {epoch: epoch + shift for epoch in known}


def plausible(metrics: Mapping[str, Values]) -> dict[str, Values]:
    """The metrics with every value one that a training can have; an accuracy in percent becomes a share."""
    found = dict[str, Values]()
    for name, values in metrics.items():
        shown = {epoch: _finite(value) for epoch, value in values.items()}
        highest = max((value for value in shown.values() if not math.isnan(value)), default=0.0)
        if name.endswith("accuracy"):
            scale = 100 if 1.5 < highest <= 100 else 1
            shown = {epoch: value / scale for epoch, value in shown.items()}
            highest /= scale
        lowest = min((value for value in shown.values() if not math.isnan(value)), default=0.0)
        is_share = lowest >= 0 and highest <= 1
        if shown and (is_share if name.endswith("accuracy") else lowest >= 0 or name.endswith("loss")):
            found[name] = shown
    return found


def _finite(value: float) -> float:
    return value if math.isfinite(value) and abs(value) < _LARGEST else math.nan
