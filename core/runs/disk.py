"""The disk space of runs, and the files of an ended run that can be deleted to free some of it."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from core.errors import DigitLabError, reason_of
from core.files import Stamp, stamp
from core.runs.entries import Run
from core.runs.states import MILESTONES, state_files
from core.runs.status import RESUMABLE
from core.runs.store import RunStore
from core.runs.weights import spans, weighted_epochs
from core.text import Message

Kind = Literal["states", "weights"]
"""The optimizer's states, or the weights of epochs that are neither the first ones, the best nor the last."""
_WATCHED = ("", "checkpoints", "predictions", "projections", "epochs.csv", "batches.csv")


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes of a run's files, and of those that `clean` would delete; a file that a fork shares counts in both runs."""

    total: int
    cleanable: Mapping[Kind, int]


@dataclass(slots=True)
class DiskUses:
    """Measures runs, each again only if its files have changed."""

    _known: dict[str, tuple[tuple[Stamp, ...], DiskUse]] = field(default_factory=dict)

    def of(self, run: Run) -> DiskUse:
        """The run's use of the disk; milliseconds the first time."""
        path = str(run.folder.path)
        # a folder changes whenever a file in it is replaced or deleted
        now = tuple(stamp(f"{path}/{name}") for name in _WATCHED)
        known = self._known.get(path)
        if known and known[0] == now:
            return known[1]
        cleanable = {kind: sum(map(_bytes, find(run))) for kind, find in _CLEANABLE.items()}
        use = DiskUse(size_of(run.folder.path), MappingProxyType(cleanable))
        self._known[path] = (now, use)
        return use


def size_of(folder: Path, counted: set[tuple[int, int]] | None = None) -> int:
    """Total size in bytes of the files in a folder, without following links; files deleted meanwhile count as 0.

    With `counted`, files that it holds are left out and the others added: forks share files, which take room once.
    """
    total = 0
    for status in _files(folder):
        file = (status.st_dev, status.st_ino)
        if counted is not None and status.st_nlink > 1:
            if file in counted:
                continue
            counted.add(file)
        total += status.st_size
    return total


def lost(run: Run, kind: Kind) -> Message:
    """A sentence that says what is no longer possible after `clean`."""
    if kind == "weights":
        kept = sorted(set(weighted_epochs(run.folder)) & _kept_weights(run))
        return Message("cleaning.lost.weights", epochs=spans(kept))
    return Message(f"cleaning.lost.{'older_states' if run.status.state in RESUMABLE else 'states'}")


def clean(store: RunStore, run_id: str, kind: Kind) -> int:
    """Delete an ended run's files of this kind and return the bytes freed; the run's results stay.

    Raises DigitLabError for a run that is included, was opened from a file, trains or waits, or cannot be changed.
    """
    run = store.find(run_id)
    if run.shipped:
        raise DigitLabError("run_list.shipped", name=run.name)
    if run.opened:
        raise DigitLabError("sharing.opened", name=run.name)
    freed = 0
    # under the lock, so that the queue does not start it meanwhile
    with store.lock():
        run = store.find(run_id)
        if run.in_use:
            raise DigitLabError("cleaning.in_use", name=run.name)
        for path in _CLEANABLE[kind](run):
            try:
                status = path.lstat()
                path.unlink()
            except OSError as error:
                raise DigitLabError("cleaning.not_deleted", name=run.name, reason=reason_of(error)) from None
            # a file that another run shares stays there
            freed += status.st_size if status.st_nlink == 1 else 0
    return freed


def _cleanable_states(run: Run) -> Sequence[Path]:
    files = state_files(run.folder)
    # a run that ended early resumes from the newest
    return files[:-1] if run.status.state in RESUMABLE else files


def _cleanable_weights(run: Run) -> Sequence[Path]:
    kept = _kept_weights(run)
    return [run.folder.weights(epoch) for epoch in weighted_epochs(run.folder) if epoch not in kept]


_CLEANABLE: Mapping[Kind, Callable[[Run], Sequence[Path]]] = {
    "states": _cleanable_states,
    "weights": _cleanable_weights,
}


def _kept_weights(run: Run) -> set[int]:
    origin = run.manifest.origin
    # a fork is repeated from the weights that it began with
    began = {origin.epoch} if origin else set[int]()
    return {0, run.status.best_epoch or run.status.epoch, run.status.epoch} | MILESTONES | began


def _files(folder: Path) -> Iterator[os.stat_result]:
    for directory, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                yield Path(directory, name).lstat()


def _bytes(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
