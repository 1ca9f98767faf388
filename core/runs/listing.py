"""All runs in one table: settings, progress and results."""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import pandas as pd

from core.config.network import CNN, MLP
from core.config.run import RunConfig
from core.files import Stamp, stamp
from core.runs.curves import CurveReader, best_epoch
from core.runs.folder import EPOCH_COLUMNS, Manifest
from core.runs.store import AnyRun, DamagedRun, Run
from core.text import say

POINTS = 50
"""The most points of a run's sparkline."""
UNREADABLE = "unreadable"
"""The state of a run whose folder cannot be read."""

_VAL_LOSS, _VAL_ACCURACY = EPOCH_COLUMNS.index("val_loss"), EPOCH_COLUMNS.index("val_accuracy")
_LOSS = EPOCH_COLUMNS.index("loss")


@dataclass(frozen=True, slots=True)
class _Settings:
    network: str
    parameters: int
    group: str


@dataclass(frozen=True, slots=True)
class _Epochs:
    best: int | None
    val_accuracy: dict[int, float]
    curve: list[float]


@dataclass(slots=True)
class TableCache:
    """What one table read, kept so that the next reads only what has changed."""

    settings: dict[str, tuple[Manifest, _Settings]] = field(default_factory=dict)
    epochs: dict[str, tuple[Stamp, _Epochs]] = field(default_factory=dict)


def runs_table(runs: Sequence[AnyRun], cache: TableCache, zone: tzinfo | None = None) -> pd.DataFrame:
    """A row for each run, in their order; of two runs with the same id, the first.

    Index "id". Columns: name, network, dataset, state, note, group as text; parameters, epochs (finished), best_epoch,
    seed Int64; val_accuracy (of the best epoch), test_accuracy, seconds float, NaN where missing; created datetime in
    `zone`, None for the server's; shipped bool; val_loss a list of at most POINTS floats, of the training loss where
    nothing was held out. Runs that differ only in their seed have the same group. A run that cannot be read has the
    state UNREADABLE, the reason as its note, and no group.
    """
    unique: dict[str, AnyRun] = {}
    for run in runs:
        unique.setdefault(run.id, run)
    rows = [_row(run, cache, zone) for run in unique.values()]
    index = pd.Index(list(unique), name="id", dtype="str")
    columns = {name: pd.Series([row[name] for row in rows], index, dtype) for name, dtype in _DTYPES.items()}
    return pd.DataFrame(columns, index)


def seed_groups(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `runs_table` grouped by all settings but the seed, in the order of each group's newest run.

    Index "group". Columns: newest, created: name and date of the newest run; network, dataset, parameters; runs,
    seeds: their number (int); test_accuracy, val_accuracy, seconds: means; spread: sample standard deviation of the
    test accuracy, NaN below two runs; ids: a tuple of the runs. Runs that cannot be read are left out.
    """
    readable = table[table["state"] != UNREADABLE]
    groups = readable.assign(id=readable.index).groupby("group", sort=False)
    return groups.agg(
        newest=("name", "first"),
        network=("network", "first"),
        dataset=("dataset", "first"),
        parameters=("parameters", "first"),
        runs=("id", "size"),
        seeds=("seed", "nunique"),
        test_accuracy=("test_accuracy", "mean"),
        spread=("test_accuracy", "std"),
        val_accuracy=("val_accuracy", "mean"),
        seconds=("seconds", "mean"),
        created=("created", "max"),
        ids=("id", tuple),
    )


_DTYPES = {
    "name": "str",
    "network": "str",
    "dataset": "str",
    "parameters": "Int64",
    "epochs": "Int64",
    "best_epoch": "Int64",
    "val_accuracy": "float64",
    "test_accuracy": "float64",
    "seconds": "float64",
    "state": "str",
    "created": "datetime64[us]",
    "shipped": "bool",
    "note": "str",
    "val_loss": "object",
    "seed": "Int64",
    "group": "str",
}
_NOTHING = {"Int64": None, "float64": math.nan, "datetime64[us]": None, "str": ""}
_UNREADABLE_ROW = {name: _NOTHING.get(dtype) for name, dtype in _DTYPES.items()} | {"state": UNREADABLE, "val_loss": []}


def _row(run: AnyRun, cache: TableCache, zone: tzinfo | None) -> dict[str, Any]:
    if isinstance(run, DamagedRun):
        return _UNREADABLE_ROW | {"name": run.name, "note": say(run.problem), "shipped": run.shipped}
    manifest, status = run.manifest, run.status
    path = str(run.folder.path)
    settings, epochs = _settings(path, manifest, cache), _epochs(path, run, cache)
    best = status.best_epoch or epochs.best
    return {
        "name": run.name,
        "network": settings.network,
        "dataset": manifest.config.dataset,
        "parameters": settings.parameters,
        "epochs": status.epoch,
        "best_epoch": best,
        "val_accuracy": epochs.val_accuracy.get(best or 0, math.nan),
        "test_accuracy": math.nan if status.test_accuracy is None else status.test_accuracy,
        "seconds": status.seconds,
        "state": status.state,
        # naive, since tables show it as it is
        "created": datetime.fromtimestamp(run.created, zone).replace(tzinfo=None),
        "shipped": run.shipped,
        "note": run.note,
        "val_loss": epochs.curve,
        "seed": manifest.config.seed,
        "group": settings.group,
    }


def _settings(path: str, manifest: Manifest, cache: TableCache) -> _Settings:
    known = cache.settings.get(path)
    if known and known[0] is manifest:
        return known[1]
    config, origin = manifest.config, manifest.origin
    # a fork's result depends on the weights that it began with
    began = {"origin": [origin.run, origin.epoch]} if origin else {}
    alike = json.dumps(config.to_json() | {"seed": None} | began, sort_keys=True)
    group = hashlib.blake2b(alike.encode(), digest_size=8).hexdigest()
    settings = _Settings(network_text(config), config.network.parameters, group)
    cache.settings[path] = (manifest, settings)
    return settings


def _epochs(path: str, run: Run, cache: TableCache) -> _Epochs:
    version, known = stamp(f"{path}/epochs.csv"), cache.epochs.get(path)
    if known and known[0] == version:
        return known[1]
    rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
    held_out = _finite(row[_VAL_LOSS] for row in rows)
    curve = held_out or _finite(row[_LOSS] for row in rows)
    epochs = _Epochs(best_epoch(rows), {int(row[0]): row[_VAL_ACCURACY] for row in rows}, _thinned(curve))
    cache.epochs[path] = (version, epochs)
    return epochs


def network_text(config: RunConfig) -> str:
    """A network in short, such as `CNN 16-36`."""
    match config.network:
        case MLP(hidden_units=units):
            sizes: Iterable[int] = units
        case CNN(blocks=blocks):
            sizes = (block.filters for block in blocks)
    return say(f"run_list.network.{config.network.kind}", sizes="-".join(map(str, sizes))).strip()


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _thinned(values: list[float]) -> list[float]:
    """At most POINTS of the values, evenly spread, including the first and the last."""
    if len(values) <= POINTS:
        return values
    return [values[round(place * (len(values) - 1) / (POINTS - 1))] for place in range(POINTS)]
