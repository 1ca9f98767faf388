"""What a list shows of each run: settings, progress and results."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.analysis.seeds import MANY_SEEDS
from core.config.network import widths
from core.config.run import RunConfig
from core.files import Stamp, stamp
from core.runs.curves import CurveReader, best_epoch
from core.runs.entries import AnyRun, DamagedRun, Run
from core.runs.folder import EPOCH_COLUMNS
from core.runs.manifest import Group, Manifest
from core.text import Message, say

POINTS = 50
"""The most points of a run's sparkline."""
UNREADABLE = "unreadable"
"""The state of a run whose folder cannot be read."""
SEEDS = "seeds"
"""The kind of a group of runs that differ only in their seed."""

_VAL_LOSS, _VAL_ACCURACY = EPOCH_COLUMNS.index("val_loss"), EPOCH_COLUMNS.index("val_accuracy")
_LOSS = EPOCH_COLUMNS.index("loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run in a list; None where a figure is missing, and of a run that cannot be read only its name and problem."""

    run: AnyRun
    state: str
    problem: Message | None = None
    """Why it cannot be read."""
    network: str = ""
    parameters: int | None = None
    config: RunConfig | None = None
    """Its data and network, and how it was trained if `settings` has it too; None where nothing of it is known."""
    epochs: int | None = None
    """Finished epochs."""
    best_epoch: int | None = None
    val_loss: float | None = None
    """Of the best epoch, as the next one."""
    val_accuracy: float | None = None
    test_accuracy: float | None = None
    seconds: float | None = None
    curve: Sequence[float] = ()
    """At most POINTS validation losses; training losses where nothing was held out."""
    recipe: str = ""
    """The same for runs that differ only in their seed."""
    group: Group | None = None
    """The group in which it was queued."""

    @property
    def id(self) -> str:
        return self.run.id

    @property
    def number(self) -> int | None:
        return self.run.manifest.number if isinstance(self.run, Run) else None

    @property
    def settings(self) -> RunConfig | None:
        """What it was trained with; None where that is not known."""
        trained = isinstance(self.run, Run) and self.run.manifest.trained_here
        return self.config if trained else None

    @property
    def seed(self) -> int | None:
        return self.settings.seed if self.settings else None


@dataclass(frozen=True, slots=True)
class _Settings:
    network: str
    parameters: int
    recipe: str


@dataclass(frozen=True, slots=True)
class _Epochs:
    best: int | None
    held_out: dict[int, tuple[float, float]]
    """Validation loss and accuracy of each epoch."""
    curve: list[float]


@dataclass(slots=True)
class ListCache:
    """What one list read, kept so that the next reads only what has changed."""

    settings: dict[str, tuple[Manifest, _Settings]] = field(default_factory=dict)
    epochs: dict[str, tuple[Stamp, _Epochs]] = field(default_factory=dict)


def run_rows(runs: Sequence[AnyRun], cache: ListCache) -> list[RunRow]:
    """A row for each run, in their order; of two runs with the same id, the first."""
    unique: dict[str, AnyRun] = {}
    for run in runs:
        unique.setdefault(run.id, run)
    return [_row(run, cache) for run in unique.values()]


def groups(rows: Sequence[RunRow]) -> dict[str, Group]:
    """The group of each run that a list shows together with others, by the run's id.

    Runs that were queued as one experiment form one group, and so do MANY_SEEDS or more others that differ only in
    their seed.
    """
    by_recipe = defaultdict[str, list[RunRow]](list)
    found = dict[str, Group]()
    for row in rows:
        if row.group is not None:
            found[row.id] = row.group
        elif row.recipe:
            by_recipe[row.recipe].append(row)
    for recipe, alike in by_recipe.items():
        if len({row.seed for row in alike}) >= MANY_SEEDS:
            found |= {row.id: Group(SEEDS, recipe) for row in alike}
    sizes = defaultdict[Group, int](int)
    for group in found.values():
        sizes[group] += 1
    return {run_id: group for run_id, group in found.items() if sizes[group] > 1}


def _row(run: AnyRun, cache: ListCache) -> RunRow:
    if isinstance(run, DamagedRun):
        return RunRow(run=run, state=UNREADABLE, problem=run.problem)
    manifest, status = run.manifest, run.status
    path = str(run.folder.path)
    settings, epochs = _settings(path, manifest, cache), _epochs(path, run, cache)
    best = status.best_epoch or epochs.best
    loss, accuracy = epochs.held_out.get(best or 0, (math.nan, math.nan))
    return RunRow(
        run=run,
        state=status.state,
        network=settings.network,
        parameters=settings.parameters if manifest.has_network else None,
        config=manifest.config if manifest.has_network else None,
        epochs=status.epoch if manifest.has_curves else None,
        best_epoch=best if manifest.has_curves else None,
        val_loss=_known(loss),
        val_accuracy=_known(accuracy),
        test_accuracy=status.test_accuracy,
        # of a training elsewhere, only some logs tell how long it took
        seconds=status.seconds if manifest.was_watched or (manifest.logs and status.seconds) else None,
        curve=epochs.curve,
        recipe=settings.recipe if manifest.trained_here else "",
        group=manifest.group,
    )


def _settings(path: str, manifest: Manifest, cache: ListCache) -> _Settings:
    known = cache.settings.get(path)
    if known and known[0] is manifest:
        return known[1]
    config = manifest.config
    recipe = hashlib.blake2b(repr(manifest.recipe).encode(), digest_size=8).hexdigest()
    network = network_text(config) if manifest.has_network else ""
    settings = _Settings(network, config.parameters, recipe)
    cache.settings[path] = (manifest, settings)
    return settings


def _epochs(path: str, run: Run, cache: ListCache) -> _Epochs:
    version, known = stamp(f"{path}/epochs.csv"), cache.epochs.get(path)
    if known and known[0] == version:
        return known[1]
    rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
    held_out = _finite(row[_VAL_LOSS] for row in rows)
    curve = held_out or _finite(row[_LOSS] for row in rows)
    by_epoch = {int(row[0]): (row[_VAL_LOSS], row[_VAL_ACCURACY]) for row in rows}
    epochs = _Epochs(best_epoch(rows), by_epoch, _thinned(curve))
    cache.epochs[path] = (version, epochs)
    return epochs


def network_text(config: RunConfig) -> str:
    """A network in short, such as `CNN 16-36`."""
    sizes = "-".join(map(str, widths(config.network)))
    return say(f"run_list.network.{config.network.kind}", sizes=sizes).strip()


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _thinned(values: list[float]) -> list[float]:
    """At most POINTS of the values, evenly spread, including the first and the last."""
    if len(values) <= POINTS:
        return values
    return [values[round(place * (len(values) - 1) / (POINTS - 1))] for place in range(POINTS)]
