"""What a tutorial prints for its training."""

import math
from dataclasses import dataclass
from typing import Any, Self

_CURVES = ("loss", "accuracy", "val_loss", "val_accuracy")
_MOST_EPOCHS = 1_000
_LARGEST = 1e12


@dataclass(frozen=True, slots=True)
class PrintedHistory:
    """What a tutorial prints for its run, one value per epoch; test is (loss, accuracy). What is missing is NaN."""

    loss: tuple[float, ...] = ()
    accuracy: tuple[float, ...] = ()
    test: tuple[float, float] | None = None
    val_loss: tuple[float, ...] = ()
    val_accuracy: tuple[float, ...] = ()
    test_images: int | None = None
    """Of the test set, if the tutorial shows it; else it is the run's."""

    def to_json(self) -> dict[str, Any]:
        """The history for a file; NaN becomes null."""
        curves = {name: [_number(value) for value in getattr(self, name)] for name in _CURVES}
        return {**curves, "test": list(map(_number, self.test)) if self.test else None, "test_images": self.test_images}

    @classmethod
    def from_json(cls, values: Any) -> Self | None:
        """The history that `to_json` wrote; None for anything else."""
        try:
            curves = {name: _curve(values.get(name) or ()) for name in _CURVES}
            test, images = values.get("test"), values.get("test_images")
            loss, accuracy = _curve(test[:2]) if test else (math.nan, 0.0)
        except (AttributeError, TypeError, ValueError, KeyError):
            return None
        known = images is None or (type(images) is int and 0 < images < 10**9)
        if not 0 <= accuracy <= 1 or not known:
            return None
        return cls(**curves, test=(loss, accuracy) if test else None, test_images=images)


def _curve(values: Any) -> tuple[float, ...]:
    curve = tuple(math.nan if value is None else float(value) for value in values[:_MOST_EPOCHS])
    if not all(math.isnan(value) or abs(value) < _LARGEST for value in curve):
        raise ValueError(curve)
    return curve


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
