"""What lies beside a model in the files of a training: checkpoints of other epochs, and its curves in logs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.bundle.format import MOST_BYTES
from core.bundle.model_format import model_format
from core.bundle.open import one_at_a_time, refusals
from core.bundle.open_logs import logged
from core.errors import DigitLabError, UnreadableRun
from core.logs.reading import LoggedTraining
from core.logs.training import MOST_EPOCHS
from core.text import one_line, shortened

MOST_CHECKPOINTS = 100
_ENDINGS = re.compile(r"(\.weights)?\.(keras|h5|hdf5|tflite)$", re.IGNORECASE)
_NAMED_EPOCH = re.compile(r"(?<![a-z])(?:epochs?|ep|e)[\s_=.-]*(\d{1,5})(?![.]?\d)", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\d{1,5}(?!\d)(?!\.\d)")
_WEIGHTS = re.compile(r"\.weights\.h5$", re.IGNORECASE)

NamedFile = tuple[str, IO[bytes]]


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to a model that was trained elsewhere."""

    epoch: int = 1
    """After which the model was saved."""
    others: tuple[tuple[int, IO[bytes]], ...] = ()
    """The models, or weights of the same network, of other epochs."""
    training: LoggedTraining | None = None
    """The curves of its training."""

    @property
    def epochs(self) -> int:
        """Of the whole training, as far as the files tell."""
        logged_epochs = int(self.training.rows[-1][0]) if self.training else 0
        return max(self.epoch, logged_epochs, *(epoch for epoch, _ in self.others))

    def identity(self, digests: Sequence[str]) -> list[str]:
        """Texts that are the same for the same files; `digests` are those of `others`."""
        if self == ALONE:
            return []
        epochs = [f"{epoch} {digest}" for (epoch, _), digest in zip(self.others, digests, strict=True)]
        return [str(self.epoch), *epochs, repr(self.training and self.training.rows)]


ALONE = Beside()


def model_among(
    files: Sequence[NamedFile], runs_dir: Path, *, most_bytes: int = MOST_BYTES
) -> tuple[NamedFile, Beside] | None:
    """The model in these files, with what belongs to it; None where there are only logs.

    Raises only DigitLabError, which names the problem in one sentence.
    """
    with one_at_a_time, refusals():
        models = [file for file in files if model_format(file[1]) is not None]
        logs = [file for file in files if file not in models]
        if not models:
            return None
        if sum(file.seek(0, 2) for _, file in files) > most_bytes:
            raise DigitLabError("bundles.large_file", limit=most_bytes // 1_000_000)
        if len(models) > MOST_CHECKPOINTS:
            raise UnreadableRun("logs.many_checkpoints", limit=MOST_CHECKPOINTS)
        training = _training(logs, runs_dir, most_bytes) if logs else None
        return _model_and_others(models, training)


def epochs_of(names: Sequence[str]) -> list[int | None]:
    """The epoch in the name of each checkpoint, such as `weights.05-0.12.keras`; None where there is none."""
    stems = [_ENDINGS.sub("", name) for name in names]
    found = [_NAMED_EPOCH.search(stem) for stem in stems]
    if any(found):
        return [int(match[1]) if match else None for match in found]
    numbers = [[int(number) for number in _WHOLE_NUMBER.findall(stem)] for stem in stems]
    counted = [each for each in numbers if each]
    if len(counted) < 2:
        return [each[0] if len(each) == 1 else None for each in numbers]
    # the place at which the names differ, rather than a number of the network
    places = range(min(map(len, counted)))
    place = next((at for at in places if len({each[at] for each in counted}) == len(counted)), None)
    return [each[place] if place is not None and each else None for each in numbers]


def _training(logs: Sequence[NamedFile], runs_dir: Path, most_bytes: int) -> LoggedTraining:
    trainings = logged(logs, runs_dir, most_bytes=most_bytes)
    if len(trainings) > 1:
        raise UnreadableRun("logs.several_trainings", count=len(trainings))
    return trainings[0]


def _model_and_others(models: Sequence[NamedFile], training: LoggedTraining | None) -> tuple[NamedFile, Beside]:
    last = int(training.rows[-1][0]) if training else None
    found = [_plausible(epoch, last) for epoch in epochs_of([name for name, _ in models])]
    if len(models) == 1:
        _check_whole(models[0])
        epoch = found[0] or last if training else 1
        return models[0], Beside(epoch or 1, (), training)
    by_epoch = dict[int, NamedFile]()
    for file, epoch in zip(models, found, strict=True):
        # a model that was saved at the end needs no number
        at = epoch or last
        if at is None:
            raise UnreadableRun("logs.no_epoch", name=_shown(file[0]))
        # of one epoch, a whole model rather than its weights
        if at not in by_epoch or _is_weights(by_epoch[at]):
            by_epoch[at] = file
    if any(model_format(file) == "tflite" for _, file in by_epoch.values()) and len(by_epoch) > 1:
        raise UnreadableRun("logs.several_models")
    whole = [epoch for epoch, file in by_epoch.items() if not _is_weights(file)]
    # weights of Keras 2 have the same ending as its models
    keras = [epoch for epoch in whole if model_format(by_epoch[epoch][1]) == "keras"]
    epoch = max(keras or whole or by_epoch)
    _check_whole(by_epoch[epoch])
    others = tuple((at, by_epoch[at][1]) for at in sorted(by_epoch) if at != epoch)
    return by_epoch[epoch], Beside(epoch, others, training)


def _plausible(epoch: int | None, last: int | None) -> int | None:
    return epoch if epoch is not None and 1 <= epoch <= (last or MOST_EPOCHS) else None


def _is_weights(file: NamedFile) -> bool:
    return _WEIGHTS.search(file[0]) is not None


def _check_whole(file: NamedFile) -> None:
    if _is_weights(file):
        raise UnreadableRun("logs.weights", name=_shown(file[0]))


def _shown(name: str) -> str:
    return shortened(one_line(name[:800]), 80)
