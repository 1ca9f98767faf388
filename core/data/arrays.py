"""A data set's four arrays: reading them from files, and the digest that identifies them."""

import gzip
import hashlib
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.array_types import Bytes


class Arrays(NamedTuple):
    """Images uint8 (n, 28, 28), with 0 as paper and 255 as ink; labels uint8 (n,), 0 to 9."""

    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes

    def digest(self) -> str:
        """SHA-256 of the bytes of all four arrays in this order, independent of the file format."""
        sha = hashlib.sha256()
        for array in self:
            sha.update(np.ascontiguousarray(array).data)
        return sha.hexdigest()


def read_npz(path: Path) -> Arrays:
    """The arrays of an .npz with the layout of Keras's mnist.npz; a damaged file may raise nearly any exception."""
    # opened here, because NumPy would not close a file that it cannot read
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        return Arrays(file["x_train"], file["y_train"], file["x_test"], file["y_test"])


def read_idx(path: Path) -> Bytes:
    """The array of a gzipped idx file, the format of the original four (Y. LeCun, yann.lecun.com/exdb/mnist).

    Raises ValueError or OSError if the file is not a valid idx file.
    """
    content = gzip.decompress(path.read_bytes())
    unsigned_byte = 8
    if len(content) < 4 or content[:3] != bytes((0, 0, unsigned_byte)):
        raise ValueError(f"{path.name} is no idx file of bytes")
    start = 4 + 4 * content[3]
    shape = tuple(int(n) for n in np.frombuffer(content[4:start], ">u4"))
    if len(content) != start + math.prod(shape):
        raise ValueError(f"{path.name} is not as long as it says")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
