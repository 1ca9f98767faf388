"""The weights that a run keeps of its epochs."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from core.errors import UnreadableRun
from core.runs.folder import RunFolder
from core.words import say


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
        raise UnreadableRun(say("downloads.no_weights"))
    raise UnreadableRun(say("downloads.no_such_weights", epoch=epoch, epochs=_spans(epochs)))


def read_weights(folder: RunFolder, epoch: int) -> bytes:
    """An epoch's weights as Keras wrote them; raises UnreadableRun where they are missing or damaged."""
    path = weights_of(folder, epoch)
    # a fifth of a second that no first page should wait for
    import h5py

    try:
        # knows the length that the file should have, so that half a copy is not handed on
        h5py.File(path, "r").close()
        return path.read_bytes()
    except OSError:
        raise UnreadableRun(say("runs.file_damaged", file=path.name)) from None


def _spans(epochs: Sequence[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"."""
    starts = [epochs[0], *(after for before, after in pairwise(epochs) if after > before + 1)]
    ends = [*(before for before, after in pairwise(epochs) if after > before + 1), epochs[-1]]
    return ", ".join(f"{low}" if low == high else f"{low}–{high}" for low, high in zip(starts, ends, strict=True))
