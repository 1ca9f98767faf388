"""Labels in an array: numbers, names, columns or one-hot rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.readers.source import UnreadableData


def flat_labels(labels: NDArray[Any]) -> NDArray[Any]:
    """Labels (n,) as int64 or text, from (n,), (n, 1) or one-hot rows (n, k); -1 where there is none.

    Raises UnreadableData for other shapes and types.
    """
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.dtype.kind in "US":
        if labels.ndim != 1:
            raise UnreadableData("data_add.label_shape", shape=_shape(labels))
        return labels.astype(str)
    if labels.dtype.kind not in "biuf":
        raise UnreadableData("data_add.label_type", type=str(labels.dtype))
    if labels.ndim == 2:
        return _from_one_hot(labels)
    if labels.ndim != 1:
        raise UnreadableData("data_add.label_shape", shape=_shape(labels))
    if labels.dtype.kind != "f":
        # numbers beyond int64 are not labels either
        return np.where(labels > 2**31, -1, labels).astype(np.int64)
    sound = np.isfinite(labels) & (labels == np.rint(labels)) & (np.abs(labels) < 2**31)
    return np.where(sound, labels, -1).astype(np.int64)


def _from_one_hot(rows: NDArray[Any]) -> NDArray[np.int64]:
    ones, zeros = rows == 1, rows == 0
    sound = (ones.sum(axis=1) == 1) & ((ones | zeros).all(axis=1))
    if len(rows) and not sound.any():
        raise UnreadableData("data_add.no_one_hot", shape=_shape(rows))
    return np.where(sound, ones.argmax(axis=1), -1).astype(np.int64)


def _shape(array: NDArray[Any]) -> str:
    return " × ".join(map(str, array.shape))
