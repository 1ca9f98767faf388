"""A training of a script, as it was called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.tutorials.values import (
    Compiled,
    Network,
)


@dataclass(frozen=True, slots=True)
class Training:
    """A call of `fit`: the network as it then was, and the arguments by Keras 3's names."""

    network: Network
    layers: tuple[Any, ...]
    compiled: Compiled | None
    arguments: Mapping[str, Any]
    line: int
    stands_alone: bool = True
    """Whether there is a call of `fit`; without one, the arguments are empty."""
    continues: bool = False
    """Whether the network was trained before."""
