"""Whether a run learned from a data set's images, chose its best epoch by them, or never saw them."""

from typing import Literal

from core.config.run import RunConfig
from core.data.datasets import DIGESTS, Dataset
from core.runs.folder import Manifest
from core.runs.predictions import Part

Exposure = Literal["unseen", "validated", "learned", "unknown"]
"""`validated` images chose the best epoch; `unknown` is for data that differ from this release's data sets."""

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


def exposure(manifest: Manifest, data: Dataset, part: Part = "test") -> Exposure:
    """How far the run's network was exposed to a part of a data set, its own or another."""
    config, own_digest = manifest.config, manifest.environment.get("dataset_digest")
    same = config.dataset == data.name
    if own_digest not in (None, data.digest if same else DIGESTS[config.dataset]):
        return "unknown"
    if not same and data.digest != DIGESTS[data.name]:
        return "unknown"
    shown = _SOURCES[data.name][part]
    if any(shown & _SOURCES[config.dataset][slot] for slot in _learned(config)):
        return "learned"
    if config.validation == "none":
        return "unseen"
    chosen_by: _Slot = "test" if config.validation == "test" else "validation"
    return "validated" if shown & _SOURCES[config.dataset][chosen_by] else "unseen"


def _learned(config: RunConfig) -> tuple[_Slot, ...]:
    return ("training",) if config.validation == "last-20" else ("training", "validation")
