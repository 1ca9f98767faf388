"""A training's optimizer and learning rate, by the defaults of the version that the script was written for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.text import Message
from core.tutorials.names import constructor, meant, tables
from core.tutorials.notes import Notes
from core.tutorials.values import Compiled, Made, Reference, Unknown
from core.tutorials.versions import Version

OLD_RATES = {"Adadelta": 1.0, "Adagrad": 0.01, "Adamax": 0.002, "Nadam": 0.002}
"""The default learning rates of Keras before TensorFlow 2, where Keras 3 has others."""

TENSORFLOW_1 = {"AdamOptimizer": "Adam", "GradientDescentOptimizer": "SGD", "RMSPropOptimizer": "RMSprop"}
TENSORFLOW_1 |= {"AdadeltaOptimizer": "Adadelta", "AdagradOptimizer": "Adagrad", "MomentumOptimizer": "SGD"}
"""Keras's class for each optimizer of TensorFlow 1, which Keras took too."""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """An optimizer's class in Keras 3, its learning rate, and its other arguments."""

    kind: str
    learning_rate: float | None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """As given, by Keras 3's names; `decay` is that of earlier versions."""

    @property
    def name(self) -> str:
        """The name that `compile` takes."""
        return self.kind.lower()


def compiled_optimizer(compiled: Compiled, version: Version, notes: Notes) -> Optimizer | None:
    """The optimizer of a network with the learning rate that it has in the end; None with a note if it is not known."""
    found = read_optimizer(compiled.optimizer, version, notes, compiled.line)
    rate = compiled.rate
    if found is None or rate is None:
        return found
    if isinstance(rate, int | float):
        return replace(found, learning_rate=float(rate))
    why = rate.why if isinstance(rate, Unknown) else Message("tutorials.not_constant")
    notes.unread(Message("tutorials.argument_unknown", name="learning_rate", why=why), compiled.line)
    return replace(found, learning_rate=None)


def read_optimizer(value: Any, version: Version, notes: Notes, line: int) -> Optimizer | None:
    """The optimizer that `compile` was given; None with a note if it cannot be read."""
    if isinstance(value, Unknown):
        notes.unread(value.why, value.line or line)
        return None
    given: Mapping[str, Any] = {}
    positional: tuple[Any, ...] = ()
    if isinstance(value, Made):
        name, given, positional = value.name, value.named, value.arguments
    elif isinstance(value, Reference):
        name = value.path.rpartition(".")[2]
    elif isinstance(value, dict) and isinstance(value.get("class_name"), str):
        name, given = value["class_name"], value.get("config") or {}
    else:
        name = value
    name = TENSORFLOW_1.get(name, name) if isinstance(name, str) else None
    kinds = tables()["optimizers"]
    if (
        name is None
        or (kind := next((each for each in kinds if each.lower() == name.lower()), None) or meant(name, kinds)) is None
    ):
        notes.unread(Message("tutorials.no_optimizer", name=str(name)[:40]), line)
        return None
    if kind.lower() != name.lower():
        notes.guess(Message("tutorials.misspelt", name=name, meant=kind), line)
    table = constructor("optimizers", kind) or {}
    values = dict(zip(table, positional, strict=False))
    for key, each in given.items():
        values["learning_rate" if key == "lr" else key] = each
    rate = values.pop("learning_rate", None)
    if rate is None:
        rate = table["learning_rate"]["default"]
        if kind in OLD_RATES and version.old_rates:
            rate = OLD_RATES[kind]
            notes.guess(
                Message("tutorials.old_rate", optimizer=kind, old=rate, new=table["learning_rate"]["default"]), line
            )
    if isinstance(rate, Made):
        rate = _first_rate(rate, notes, line)
    if isinstance(rate, Unknown) or not isinstance(rate, int | float):
        why = rate.why if isinstance(rate, Unknown) else Message("tutorials.not_constant")
        notes.unread(Message("tutorials.argument_unknown", name="learning_rate", why=why), line)
        rate = None
    return Optimizer(kind, rate, values)


def _first_rate(schedule: Made, notes: Notes, line: int) -> Any:
    """The learning rate with which a schedule begins."""
    notes.guess(Message("tutorials.schedule", name=schedule.name), line)
    if schedule.name == "PiecewiseConstantDecay":
        rates = schedule.named.get("values", schedule.arguments[1] if len(schedule.arguments) > 1 else None)
        if isinstance(rates, list | tuple) and rates:
            return rates[0]
    elif schedule.arguments:
        return schedule.arguments[0]
    found = [value for key, value in schedule.named.items() if key in ("initial_learning_rate", "learning_rate")]
    return found[0] if found else Unknown(Message("tutorials.not_constant"), line)


def read_loss(value: Any, notes: Notes, line: int) -> tuple[str | None, Mapping[str, Any]]:
    """The loss by the name that `compile` takes, and its arguments; (None, {}) if it cannot be read."""
    if isinstance(value, Unknown) or value is None:
        notes.unread(value.why if isinstance(value, Unknown) else Message("tutorials.no_loss"), line)
        return None, {}
    arguments: Mapping[str, Any] = {}
    if isinstance(value, dict | list):
        notes.unread(Message("tutorials.several_inputs"), line)
        return None, {}
    if isinstance(value, Made):
        name, arguments = value.name, value.named
    else:
        name = value.path.rpartition(".")[2] if isinstance(value, Reference) else value
    if not isinstance(name, str):
        notes.unread(Message("tutorials.own_loss"), line)
        return None, {}
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    name = _LOSSES.get(name, name)
    if name not in _KNOWN_LOSSES:
        if better := meant(name, _KNOWN_LOSSES):
            notes.guess(Message("tutorials.misspelt", name=name, meant=better), line)
            return better, arguments
        notes.unread(Message("tutorials.no_such_loss", name=name[:40]), line)
        return None, {}
    return name, arguments


_LOSSES = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "kld": "kl_divergence"}
_KNOWN_LOSSES = {
    *("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error"),
    *("mean_absolute_error", "kl_divergence", "hinge", "squared_hinge", "categorical_hinge", "poisson", "log_cosh"),
    *("cosine_similarity", "huber", "categorical_focal_crossentropy", "mean_squared_logarithmic_error"),
}
