"""The weights that a run keeps of its epochs."""

import io
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import UnreadableRun
from core.runs.folder import RunFolder

_SMALL = 4096
"""Bytes up to which an array is not worth packing."""


def weighted_epochs(folder: RunFolder) -> tuple[int, ...]:
    """The epochs with weights, ascending; 0 is the untrained network."""
    names = (
        path.name.removesuffix(".weights.h5").partition("-")[2] for path in folder.path.glob("checkpoints/epoch-*")
    )
    return tuple(sorted({int(name) for name in names if name.isascii() and name.isdigit()}))


def weights_of(folder: RunFolder, epoch: int) -> Path:
    """The file with an epoch's weights; raises UnreadableRun with the epochs that there are, where it is missing."""
    path = folder.weights(epoch)
    if path.is_file():
        return path
    epochs = weighted_epochs(folder)
    if not epochs:
        raise UnreadableRun("downloads.no_weights")
    raise UnreadableRun("downloads.no_such_weights", epoch=epoch, epochs=_spans(epochs))


def read_weights(folder: RunFolder, epoch: int) -> bytes:
    """An epoch's weights as Keras writes them, in float32; raises UnreadableRun where they are missing or damaged."""
    path = weights_of(folder, epoch)
    try:
        return _as_keras_writes(path)
    except (OSError, KeyError, ValueError, RuntimeError):
        # HDF5 reports a damaged file in any of these ways
        raise UnreadableRun("runs.file_damaged", file=path.name) from None


def rewritten_weights(path: Path, arrays: Mapping[str, NDArray[Any]], *, packed: bool = False) -> bytes:
    """A file of weights with these arrays in their places, by path in the file, and all else as it is.

    Packed, it is smaller. The same arrays give the same bytes. Raises OSError, KeyError, ValueError or RuntimeError
    where the file is damaged.
    """
    # a fifth of a second that no first page should wait for
    import h5py

    written = io.BytesIO()
    # not a later release of the format, which is smaller but has the time in every group
    with h5py.File(path, "r", locking=False) as source, h5py.File(written, "w") as target:

        def rewrite(place: str, found: Any) -> None:
            if isinstance(found, h5py.Dataset):
                values = arrays.get(place, found[()])
                # the first bytes of all numbers are alike, the last ones are not: apart they shrink further
                packing = {"chunks": values.shape, "compression": 9, "shuffle": True}
                target.create_dataset(place, data=values, **(packing if packed and values.nbytes > _SMALL else {}))
            else:
                target.require_group(place)
            target[place].attrs.update(found.attrs)

        source.visititems(rewrite)
        target.attrs.update(source.attrs)
    return written.getvalue()


def _as_keras_writes(path: Path) -> bytes:
    import h5py

    # knows the length that the file should have, so that half a copy is not handed on
    with h5py.File(path, "r", locking=False) as file:
        halves: dict[str, NDArray[np.float32]] = {}

        def widen(place: str, found: Any) -> None:
            if isinstance(found, h5py.Dataset) and found.dtype == np.float16:
                halves[place] = found[()].astype(np.float32)

        file.visititems(widen)
    # shipped runs keep half as many bits
    return rewritten_weights(path, halves) if halves else path.read_bytes()


def _spans(epochs: Sequence[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"."""
    starts = [epochs[0], *(after for before, after in pairwise(epochs) if after > before + 1)]
    ends = [*(before for before, after in pairwise(epochs) if after > before + 1), epochs[-1]]
    return ", ".join(f"{low}" if low == high else f"{low}–{high}" for low, high in zip(starts, ends, strict=True))
