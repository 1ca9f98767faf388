"""Reads an epoch's weights from Keras's HDF5 files without Keras."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.array_types import Floats
from core.config.layer import Shape
from core.config.layers import LayerRow
from core.errors import UnreadableRun


def read_weights(path: Path, table: Sequence[LayerRow]) -> list[Floats]:
    """All weights in the order of Keras's `network.weights`, float32 whatever they are stored in.

    Raises UnreadableRun where the file is missing, damaged, or of another network than the layer table's.
    """
    # imported late, since most pages never read weights
    import h5py

    file_name = f"{path.parent.name}/{path.name}"
    weights = []
    try:
        with h5py.File(path, "r", locking=False) as file:
            for place, shape in places(table):
                values = file[place]
                if values.shape != shape or values.dtype.kind != "f":
                    raise UnreadableRun("inference.another_network", file=file_name)
                weights.append(np.asarray(values[()], np.float32))
    except FileNotFoundError:
        raise UnreadableRun("runs.file_missing", file=file_name) from None
    except KeyError:
        raise UnreadableRun("inference.another_network", file=file_name) from None
    except UnreadableRun:
        raise
    except Exception:  # HDF5 raises many kinds of errors for damaged files
        raise UnreadableRun("runs.file_damaged", file=file_name) from None
    if not all(np.isfinite(values).all() for values in weights):
        raise UnreadableRun("inference.no_numbers", file=file_name)
    return weights


def weights_by_layer(path: Path, table: Sequence[LayerRow]) -> dict[str, list[Floats]]:
    """The weights of each layer by its name, in the order and shapes of `LayerRow.weights`; raises UnreadableRun."""
    weights = iter(read_weights(path, table))
    return {row.layer.name: [next(weights) for _ in row.weights] for row in table}


def places(table: Sequence[LayerRow]) -> Iterator[tuple[str, Shape]]:
    """The path of each weight in the file, and its shape; Keras numbers the layers of each class in order."""
    seen: Counter[str] = Counter()
    for row in table:
        kind = keras_name(type(row.layer).__name__)
        group = f"{kind}_{seen[kind]}" if seen[kind] else kind
        seen[kind] += 1
        for number, shape in enumerate(row.weights.values()):
            yield f"layers/{group}/vars/{number}", shape


def file_reader(path: Path) -> Any:
    """An HDF5 file opened for reading, without locks."""
    # imported late, since most pages never read weights
    import h5py

    return h5py.File(path, "r", locking=False)


def keras_name(kind: str) -> str:
    """A class's name as Keras writes it in a file: `conv2d`, `batch_normalization`."""
    words = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
