"""What a bundle contains: the kinds of its files, and how large each may be."""

import re
from dataclasses import dataclass, replace

from core.runs.label import Label
from core.runs.manifest import Manifest
from core.runs.status import RESUMABLE

ENDING = ".digitlab.zip"
MOST_BYTES = 200_000_000
"""Of the whole file."""
MOST_TOGETHER = 400_000_000
"""Of several runs in one download, which is made in memory."""

MOST_ROWS = {"epochs.csv": 1_000, "batches.csv": 200_000}
"""Rows of the two tables; half a day of training has more batches, of which every n-th is kept."""

ENDED = RESUMABLE | {"finished"}
"""States of a run that can be downloaded."""

ENVIRONMENT = ("python", "tensorflow", "keras", "system", "processor", "cores", "gpus", "precision", "dataset_digest")
"""What a bundle says about the machine that trained: only what the figures depend on."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of a bundle with names of this form, and the most bytes that one of them may have."""

    form: re.Pattern[str]
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a zip may contain and must contain, and the keys of the sentences for one that does not."""

    kinds: tuple[Kind, ...]
    needs: frozenset[str]
    missing: str
    foreign: str


_KINDS = tuple(
    Kind(re.compile(form), most_bytes)
    for form, most_bytes in (
        (r"(run|status|label|architecture)\.json", 300_000),
        (r"epochs\.csv", 1_000_000),
        (r"batches\.csv", 16_000_000),
        (r"(labels|steps|familiarity)\.npz", 1_000_000),
        (r"cross_validation\.npz", 3_000_000),
        (r"network\.tflite", 1_000_000),
        (r"model\.tflite", 100_000_000),
        (r"predictions/epoch-[0-9]{4}\.npz", 2_000_000),
        (r"checkpoints/epoch-[0-9]{4}\.weights\.h5", 100_000_000),
    )
)

BUNDLE = Contents(_KINDS, frozenset({"run.json"}), "bundles.no_run", "bundles.foreign_file")
KERAS = Contents(
    (
        Kind(re.compile(r"(config|metadata)\.json"), 4_000_000),
        Kind(re.compile(r"model\.weights\.h5"), 300_000_000),
    ),
    frozenset({"config.json", "model.weights.h5"}),
    "models.no_description",
    "models.foreign_file",
)
"""A model in Keras's own format."""

MADE_HERE = ("network.tflite", "architecture.json")
"""Files that earlier versions packed: they may be in a bundle, but are made again from its settings."""

BROUGHT = "model.tflite"
"""Of a network that is not a list of layers and so cannot be rebuilt."""


def shareable(manifest: Manifest) -> Manifest:
    """The same run alone, outside its group, with only ENVIRONMENT about its machine, each text in one line."""
    known = {name: manifest.environment[name] for name in ENVIRONMENT if name in manifest.environment}
    plain = {name: Label(value).name if isinstance(value, str) else value for name, value in known.items()}
    told = {
        name: value
        for name, value in plain.items()
        if isinstance(value, str) or (type(value) is int and 0 <= value < 10**6)
    }
    return replace(manifest, name=manifest.name or manifest.config.preset, environment=told, group=None, number=None)
