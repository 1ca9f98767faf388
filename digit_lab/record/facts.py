"""What the recorder is told of a program's model, its settings and its environment."""

from __future__ import annotations

import json
import math
import platform
import sys
import time
from collections.abc import Callable
from typing import Any

from digit_lab.record.given import Given


def facts(model: Any, given: Given, steps: Any, rate: float | None) -> dict[str, Any]:
    """All that is known before the first batch, as JSON has it; `steps` are the batches of an epoch."""
    keras = sys.modules["keras"]
    try:
        described = model.to_json()
    except Exception:  # a model made of classes need not describe itself
        described = None
    optimizer = getattr(model, "optimizer", None)
    backend = keras.backend.backend()
    return {
        "began": time.time(),
        "model": described,
        "layers": [layer.name for layer in model.layers],
        "class": type(model).__name__,
        "parameters": parameters(model),
        "optimizer": type(optimizer).__name__,
        "optimizer_settings": _plain(optimizer.get_config()) if optimizer is not None else {},
        "loss": _name(getattr(model, "loss", None)),
        "learning_rate": rate,
        "epochs": given.epochs,
        "batch_size": _whole(_attempted(given.batch_size)),
        "steps": _whole(steps),
        "training_images": given.training_images(),
        "validates": given.validates,
        "validation_split": number(given.arguments.get("validation_split")) or 0.0,
        "environment": {
            "python": platform.python_version(),
            "keras": keras.__version__,
            "backend": backend,
            "backend_version": getattr(sys.modules.get(backend), "__version__", ""),
            "system": platform.system(),
        },
    }


def number(value: Any) -> float | None:
    """A number that JSON has; NaN and infinity as they are, None for anything else."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def parameters(model: Any) -> int:
    """How many parameters the model has; 0 before a model made of classes has seen its first batch."""
    return sum(math.prod(weight.shape) for layer in model.layers for weight in layer.weights)


def _attempted(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Exception:  # of data sets of the program's own
        return None


def _name(loss: Any) -> str:
    if isinstance(loss, str):
        return loss
    return str(getattr(loss, "name", None) or getattr(loss, "__name__", None) or type(loss).__name__)


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings that are plain values."""
    kept = {name: value for name, value in settings.items() if isinstance(value, str | int | float | bool)}
    kept = {name: value for name, value in kept.items() if not (isinstance(value, float) and not math.isfinite(value))}
    schedule = settings.get("learning_rate")
    if isinstance(schedule, dict):
        kept["learning_rate"] = str(schedule.get("class_name", ""))
    json.dumps(kept)
    return kept
