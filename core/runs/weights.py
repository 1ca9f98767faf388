"""The weights that a run stores for its epochs."""

import io
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.array_types import Floats
from core.errors import UnreadableRun
from core.runs.folder import RunFolder
from core.text import listed

_SMALL = 4096
"""Arrays of up to this many bytes are not worth compressing."""


def weighted_epochs(folder: RunFolder) -> tuple[int, ...]:
    """The epochs with weights, ascending; 0 is the untrained network."""
    return folder.epochs("checkpoints/epoch-*.weights.h5")


def weights_of(folder: RunFolder, epoch: int) -> Path:
    """The file with an epoch's weights; if it is missing, raises UnreadableRun naming the epochs that exist."""
    path = folder.weights(epoch)
    if path.is_file():
        return path
    epochs = weighted_epochs(folder)
    if not epochs:
        raise UnreadableRun("downloads.no_weights")
    raise UnreadableRun("downloads.no_such_weights", epoch=epoch, epochs=spans(epochs))


def read_weights(folder: RunFolder, epoch: int) -> bytes:
    """An epoch's weights as Keras writes them, in float32; raises UnreadableRun where they are missing or damaged."""
    path = weights_of(folder, epoch)
    try:
        return _as_keras_writes(path)
    except (OSError, KeyError, ValueError, RuntimeError):
        # which HDF5 raises for damaged files
        raise UnreadableRun("runs.file_damaged", file=path.name) from None


def rewritten_weights(path: Path, arrays: Mapping[str, NDArray[Any]], *, packed: bool = False) -> bytes:
    """The content of a weights file with some arrays replaced, by their path in the file.

    `packed` compresses it. The same arrays give the same bytes. Raises OSError, KeyError, ValueError or RuntimeError
    where the file is damaged.
    """
    # imported late, since it takes 0.2 s that no first page should wait for
    import h5py

    written = io.BytesIO()
    # in the oldest version of the format: later ones are smaller, but store the time in every group
    with h5py.File(path, "r", locking=False) as source, h5py.File(written, "w") as target:

        def rewrite(place: str, found: Any) -> None:
            if isinstance(found, h5py.Dataset):
                values = arrays.get(place, found[()])
                # shuffled, since the numbers' first bytes are alike and compress well apart from the others
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

    # h5py knows how long the file should be, and so refuses half a copy
    with h5py.File(path, "r", locking=False) as file:
        halves: dict[str, Floats] = {}

        def widen(place: str, found: Any) -> None:
            if isinstance(found, h5py.Dataset) and found.dtype == np.float16:
                halves[place] = found[()].astype(np.float32)

        file.visititems(widen)
    # shipped runs store float16
    return rewritten_weights(path, halves) if halves else path.read_bytes()


def spans(epochs: Sequence[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"."""
    starts = [epochs[0], *(after for before, after in pairwise(epochs) if after > before + 1)]
    ends = [*(before for before, after in pairwise(epochs) if after > before + 1), epochs[-1]]
    return listed(f"{low}" if low == high else f"{low}–{high}" for low, high in zip(starts, ends, strict=True))
