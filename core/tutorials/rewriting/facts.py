"""What following a script showed, and its rewriting needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ENDINGS = re.compile(r"(\.(weights?|hdf5?|h5|ckpt|w|model|wts))+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a script's text alone does not show."""

    old_rates: bool = False
    rows_apart: bool = False
    strided: frozenset[int] = frozenset()
    """Lines of the layers whose third argument is the strides nevertheless."""
    rotated: bool = False
    rotations: frozenset[tuple[int, int]] = frozenset()
    """Line and column of each shape with the channels first."""
    meant: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """What each misspelt name at a line means."""
    labels: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """Labels that are used and never defined: what they are made of, and whether as one-hot vectors."""
    imports: tuple[str, ...] = ()
    """Names of libraries that the script uses and never imports."""
    optimizers: frozenset[str] = frozenset()
    """Names of optimizers that are given to `compile`, and whose default learning rate has changed."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Names of files that Keras 3 refuses, to those that it takes."""
    accuracy_key: bool = False
    """Whether the history has `accuracy` where older scripts read `acc`."""
    functions: frozenset[str] = frozenset()
    """The script's own functions."""


def file_for(name: str, holds: str) -> str:
    """The name under which Keras 3 saves a file that holds `weights`, a `model` or a `checkpoint`."""
    if holds == "weights":
        return name if name.endswith(".weights.h5") else f"{_ENDINGS.sub('', name)}.weights.h5"
    taken = (".keras", ".h5", ".hdf5") if holds == "model" else (".keras", ".h5")
    return name if name.endswith(taken) else f"{_ENDINGS.sub('', name)}.keras"
