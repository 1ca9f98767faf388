"""New runs that begin with an earlier one: again, with other seeds, for more epochs, or from one of its epochs.

The earlier run is only read. What a new run takes over is in its folder before it is queued, so it neither needs the
earlier run any more nor changes it.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from core.config.datasets import dataset_title, digest_here
from core.config.forks import check_fork, keeps_optimizer
from core.config.printed import PrintedHistory
from core.config.rules import Whole
from core.config.run import RunConfig
from core.errors import DigitLabError, UnreadableRun
from core.files import share
from core.runs.curves import CurveReader, Row, best_epoch, csv_line
from core.runs.entries import Run
from core.runs.first_updates import steps_file
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.manifest import Group, Origin
from core.runs.predictions import predicted_epochs
from core.runs.printed import files_of
from core.runs.states import stored_states
from core.runs.status import Status
from core.runs.store import RunStore
from core.runs.terms import Terms
from core.runs.weights import weighted_epochs, weights_of
from core.text import Message, one_line

_SECONDS = EPOCH_COLUMNS.index("seconds")
_OF_NETWORK = ("architecture.json", "network.tflite")


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a new run begins: with random weights, or from an epoch of the run in the folder `source`."""

    config: RunConfig
    name: str | Message = ""
    """A message is shown in each reader's language."""
    origin: Origin | None = None
    source: RunFolder | None = None
    group: Group | None = None
    printed: PrintedHistory | None = None
    """What the tutorial printed that the run repeats."""
    files: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Other JSON files of its folder, by their names."""

    def create(self, store: RunStore, status: Status, terms: Terms | None = None) -> RunFolder:
        """The new run's folder, in this state; without a name, it is named by its settings.

        Raises UnreadableRun where the other run has changed meanwhile, OSError.
        """
        after = self.origin.epoch if self.origin else None
        named = self.name if isinstance(self.name, Message) else None
        name, runs_dir = one_line(str(self.name)) or store.name_for(self.config, after=after), store.runs_dir
        number = store.next_number()
        files = {**files_of(self.printed), **self.files}
        create = partial(
            RunFolder.create,
            runs_dir,
            self.config,
            terms=terms,
            group=self.group,
            number=number,
            named=named,
            files=files,
        )
        if self.origin is None or self.source is None:
            return create(status, name)
        history = _History(self.source, self.origin.epoch)
        status = replace(status, epoch=self.origin.epoch, best_epoch=history.best, seconds=history.seconds)

        def fill(folder: RunFolder) -> None:
            history.copy_to(folder, self.config, states=self.origin is not None and self.origin.optimizer_kept)

        return create(status, name, origin=self.origin, fill=fill)


def again(run: Run, config: RunConfig | None = None) -> Beginning:
    """The run once more, or with other settings: from random weights or, for a fork, from where it began.

    Raises InvalidSetting, UnreadableRun.
    """
    origin, config = run.manifest.origin, config or run.manifest.config
    run.manifest.check_trained_here(run.name)
    # from the copies in its own folder, since its origin may be deleted
    return Beginning(config) if origin is None else _from(run, origin.epoch, config, origin)


def more_seeds(run: Run, runs: Collection[Run], count: int = 3) -> list[Beginning]:
    """The run again with the next seeds that no run with the same settings and origin among `runs` has.

    Raises InvalidSetting, UnreadableRun.
    """
    rule = RunConfig.rules["seed"]
    assert isinstance(rule, Whole)
    config = run.manifest.config
    recipe = run.manifest.recipe
    used = {each.manifest.config.seed for each in runs if each.manifest.recipe == recipe}
    seeds, seed = list[int](), config.seed
    while len(seeds) < count:
        seed = rule.low if seed == rule.high else seed + 1
        if seed not in used:
            seeds.append(seed)
    return [again(run, config.replace(seed=seed)) for seed in seeds]


def longer(run: Run, epochs: int) -> Beginning:
    """The ended run for this many more epochs, from its last one.

    Raises DigitLabError where it has not ended, InvalidSetting for too many epochs, UnreadableRun.
    """
    if run.in_use:
        raise DigitLabError("forks.not_ended", name=run.name, state=Message(f"runs.state.{run.status.state}"))
    last = run.status.epoch
    return fork(run, last, run.manifest.config.replace(epochs=last + epochs))


def fork(run: Run, epoch: int, config: RunConfig | None = None) -> Beginning:
    """A run that goes on from an epoch of another, with its settings or others; 0 is the untrained network.

    Raises UnreadableRun where the epoch has no weights, InvalidSetting for settings that do not fit, DigitLabError.
    """
    return _from(run, epoch, config or run.manifest.config)


def forkable_epochs(run: Run) -> tuple[int, ...]:
    """The epochs from which a run can be forked, ascending; 0 is the untrained network."""
    return tuple(epoch for epoch in weighted_epochs(run.folder) if epoch <= run.status.epoch)


def keeps_state(run: Run, epoch: int, config: RunConfig) -> bool:
    """Whether a fork with these settings takes over the optimizer's state; an untrained network has none to lose."""
    return epoch == 0 or (epoch in stored_states(run.folder) and keeps_optimizer(run.manifest.config, config))


def began(origin: Origin) -> Message:
    """A sentence that says where a run began and whether the optimizer's state was kept."""
    return Message(f"forks.began.{'kept' if origin.optimizer_kept else 'fresh'}", name=origin.name, epoch=origin.epoch)


def _from(run: Run, epoch: int, config: RunConfig, origin: Origin | None = None) -> Beginning:
    run.manifest.check_trained_here(run.name)
    if epoch not in forkable_epochs(run):
        # names the epochs that have weights
        weights_of(run.folder, epoch)
        raise DigitLabError("forks.not_trained", name=run.name, epoch=epoch)
    check_fork(run.manifest.config, config, epoch)
    if digest_here(config.dataset) not in (None, run.manifest.data_digest):
        raise DigitLabError("forks.other_data", name=run.name, dataset=dataset_title(config.dataset))
    kept = keeps_state(run, epoch, config)
    origin = replace(origin, optimizer_kept=kept) if origin else Origin(run.id, run.name_in_files, epoch, kept)
    return Beginning(config, origin=origin, source=run.folder)


class _History:
    """What a run has of its epochs up to one."""

    def __init__(self, folder: RunFolder, epoch: int) -> None:
        self._folder, self._epoch = folder, epoch
        self._rows = self._rows_of(folder.epochs_csv, EPOCH_COLUMNS)
        if epoch and not any(row[0] == epoch for row in self._rows):
            # a run from a file may have no curves, and yet the new run's epochs count from here
            self._rows = [*self._rows, (float(epoch), *[math.nan] * (len(EPOCH_COLUMNS) - 1))]
        self._weighted = [number for number in weighted_epochs(folder) if number <= epoch]
        weightless = {int(row[0]) for row in self._rows} - set(self._weighted)
        self.best = best_epoch(self._rows, without=weightless)
        self.seconds = sum(row[_SECONDS] for row in self._rows if math.isfinite(row[_SECONDS]))

    def copy_to(self, folder: RunFolder, config: RunConfig, *, states: bool) -> None:
        """Fill a new run's folder; raises UnreadableRun where a file is missing meanwhile, OSError."""
        source, before = self._folder, self._folder.manifest().config
        folder.weights(0).parent.mkdir()
        folder.predictions(0).parent.mkdir()
        _write(folder.epochs_csv, EPOCH_COLUMNS, self._rows)
        _write(folder.batches_csv, BATCH_COLUMNS, self._rows_of(source.batches_csv, BATCH_COLUMNS))
        shared = [source.weights(epoch) for epoch in self._weighted]
        shared += [source.predictions(epoch) for epoch in predicted_epochs(source) if epoch <= self._epoch]
        if states:
            shared += [source.state(epoch) for epoch in stored_states(source) if epoch <= self._epoch]
        optional = [source.labels]
        if config.network == before.network:
            optional += [source.path / name for name in _OF_NETWORK]
        if config == before.replace(epochs=config.epochs, seed=config.seed):
            optional.append(steps_file(source))
        for path in [*shared, *(path for path in optional if path.is_file())]:
            try:
                share(path, folder.path / path.relative_to(source.path))
            except FileNotFoundError:
                raise UnreadableRun("runs.file_missing", file=path.name) from None

    def _rows_of(self, path: Path, columns: Sequence[str]) -> list[Row]:
        return [row for row in CurveReader(path, tuple(columns)).read() if row[0] <= self._epoch]


def _write(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    path.write_text(",".join(columns) + "\n" + "".join(map(csv_line, rows)), encoding="utf-8")
