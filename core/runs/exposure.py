"""Whether a run learned from a data set's images, chose its best epoch by them, or never saw them."""

from typing import Literal, get_args

from core.config.datasets import BUILT_IN
from core.config.run import RunConfig
from core.data.datasets import Dataset
from core.runs.manifest import Manifest
from core.runs.predictions import Part

Exposure = Literal["unseen", "validated", "learned", "unknown"]
"""`validated` images chose the best epoch; `unknown` is for data that differ from this release's data sets,
and for networks that were not trained here."""

_Slot = Literal["training", "validation", "test"]

_SOURCES: dict[str, dict[_Slot, frozenset[str]]] = {
    "mnist": {
        "training": frozenset({"sample training", "sample validation", "sample test", "first 80 %"}),
        "validation": frozenset({"last 20 %"}),
        "test": frozenset({"MNIST test"}),
    },
    "mnist-5k": {
        "training": frozenset({"sample training"}),
        "validation": frozenset({"sample validation"}),
        "test": frozenset({"sample test"}),
    },
    "handwriting": {
        "training": frozenset({"sample training", "sample validation", "sample test", "first 80 %", "drawn"}),
        "validation": frozenset({"last 20 %", "drawn by others"}),
        "test": frozenset({"MNIST test"}),
    },
}
"""The disjoint sets of images in each part; all of mnist-5k is among MNIST's first 6,000 training images."""

_OWN: dict[_Slot, frozenset[str]] = {slot: frozenset({slot}) for slot in get_args(_Slot)}
"""The parts of a data set that a person brought."""


def exposure(manifest: Manifest, data: Dataset, part: Part = "test") -> Exposure:
    """How far the run's network was exposed to a part of a data set, its own or another."""
    config = manifest.config
    if not manifest.trained_here:
        # nobody knows what a network from elsewhere was trained on
        return "unknown"
    if config.dataset == data.name:
        if manifest.data_digest != data.digest:
            return "unknown"
    elif (manifest.data_digest, data.digest) != (_digest(config.dataset), _digest(data.name)):
        # nothing is known about what other versions, or sets that people brought, have in common
        return "unknown"
    sources = _SOURCES.get(config.dataset, _OWN)
    shown = _SOURCES.get(data.name, _OWN)[part]
    if any(shown & sources[slot] for slot in _learned(config)):
        return "learned"
    if config.validation == "none":
        return "unseen"
    chosen_by: _Slot = "test" if config.validation == "test" else "validation"
    return "validated" if shown & sources[chosen_by] else "unseen"


def _digest(name: str) -> str:
    return BUILT_IN[name].digest if name in BUILT_IN else ""


def _learned(config: RunConfig) -> tuple[_Slot, ...]:
    return ("training",) if config.validation == "last-20" else ("training", "validation")
