"""Reads an epoch's weights from Keras's HDF5 files without Keras."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from core.array_types import Floats
from core.config.layers import IMAGE_SHAPE, BatchNormalization, Conv2D, Dense, Layer, LayerRow, Shape
from core.errors import UnreadableRun

_KERAS_NAMES: dict[type, str] = {Conv2D: "conv2d", Dense: "dense", BatchNormalization: "batch_normalization"}


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
    """The weights of each layer by its name, in Keras's order; an empty list for layers without weights.

    Convolution: kernels (height, width, channels, filters) and biases; dense: weights (inputs, units) and biases;
    batch normalization: scale, shift, mean and variance, each (channels,). Raises UnreadableRun.
    """
    weights = iter(read_weights(path, table))
    return {layer.name: [next(weights) for _ in shapes] for layer, shapes in _weight_shapes(table)}


def places(table: Sequence[LayerRow]) -> Iterator[tuple[str, Shape]]:
    """The path of each weight in the file, and its shape; Keras numbers the layers of each class in order."""
    seen: Counter[str] = Counter()
    for layer, shapes in _weight_shapes(table):
        kind = _KERAS_NAMES.get(type(layer), "")
        group = f"{kind}_{seen[kind]}" if seen[kind] else kind
        seen[kind] += 1
        for number, shape in enumerate(shapes):
            yield f"layers/{group}/vars/{number}", shape


def _weight_shapes(table: Sequence[LayerRow]) -> Iterator[tuple[Layer, list[Shape]]]:
    before = IMAGE_SHAPE
    for row in table:
        match row.layer:
            case Conv2D(kernel_size=size, filters=filters):
                yield row.layer, [(size, size, before[-1], filters), (filters,)]
            case Dense(units=units):
                yield row.layer, [(before[0], units), (units,)]
            case BatchNormalization():
                # scale, shift, moving mean and moving variance
                yield row.layer, [(before[-1],)] * 4
            case _:
                yield row.layer, []
        before = row.output_shape
