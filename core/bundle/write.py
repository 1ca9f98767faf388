"""Writes a run as one file, `name.digitlab.zip`: only what another Digit Lab needs to show it."""

import json
import math
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from core.bundle.check_arrays import (
    check_cross_validation,
    check_familiarity,
    check_labels,
    check_predictions,
    check_steps,
)
from core.bundle.format import BROUGHT, ENDED, MOST_BYTES, MOST_ROWS, MOST_TOGETHER, shareable
from core.config.network import OtherNetwork
from core.config.run import RunConfig
from core.errors import DigitLabError, UnreadableRun
from core.inference.familiarity import FILE as FAMILIARITY
from core.models.operators import check_model
from core.runs.checked_rows import COLUMNS, plausible_rows
from core.runs.cross_validation import FILE as CROSS_VALIDATION
from core.runs.first_updates import steps_file
from core.runs.folder import RunFolder
from core.runs.predictions import predicted_epochs
from core.runs.status import Status
from core.runs.weight_arrays import read_weights
from core.runs.weights import weighted_epochs
from core.text import Message

_DATE = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 16
_ENTRY = 400
"""Most bytes that an entry adds to the archive."""


def bundle(folder: RunFolder, *, most_bytes: int = MOST_BYTES) -> bytes:
    """What `write_bundle` writes, as bytes."""
    with tempfile.TemporaryFile() as file:
        write_bundle(folder, file, most_bytes=most_bytes)
        file.seek(0)
        return file.read()


def bundles(folders: Mapping[str, RunFolder], *, most_bytes: int = MOST_TOGETHER) -> bytes:
    """One zip with the bundle of each run under its file name; each has the same share of `most_bytes`.

    Raises as `write_bundle`.
    """
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, folder in folders.items():
                with archive.open(zipfile.ZipInfo(name, _DATE), "w") as target, tempfile.TemporaryFile() as one:
                    write_bundle(folder, one, most_bytes=min(MOST_BYTES, most_bytes // len(folders)))
                    one.seek(0)
                    shutil.copyfileobj(one, target, _CHUNK)
        file.seek(0)
        return file.read()


def write_bundle(folder: RunFolder, file: IO[bytes], *, most_bytes: int = MOST_BYTES) -> None:
    """Write a run that has ended as one file; the same run gives the same bytes.

    Files that could not be opened again are left out. Above `most_bytes`, the weights and then the predictions of
    epochs in between are left out, as many as necessary. Raises DigitLabError if the run has not ended or is too large
    even then, UnreadableRun if it cannot be read, OSError.
    """
    manifest, status, label = folder.manifest(), folder.status(), folder.label()
    name, config = label.name or manifest.name, manifest.config
    if status.state not in ENDED:
        raise DigitLabError("bundles.not_ended", name=name, state=Message(f"runs.state.{status.state}"))
    texts = {
        "run.json": _json(shareable(manifest).to_json()),
        "status.json": _json(_without_machine(status).to_json()),
        "label.json": _json({"name": label.name, "note": label.note, "tags": label.tags}),
        **{name: table for name in MOST_ROWS if (table := _table(folder.path / name, config))},
    }
    once = _sound(_once(folder, config))
    room = most_bytes - _size(once) - sum(len(text) + _ENTRY for text in texts.values())
    chosen = _chosen(folder, config, status, room)
    if chosen is None:
        raise DigitLabError("bundles.too_long", name=name, limit=most_bytes // 1_000_000)
    with zipfile.ZipFile(file, "w") as archive:
        # not compressed: weights and predictions hardly shrink, and the rest is small
        for text_name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(text_name, _DATE), text)
        for path in [*once, *chosen]:
            entry = zipfile.ZipInfo(path.relative_to(folder.path).as_posix(), _DATE)
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)


def _without_machine(status: Status) -> Status:
    # a message may contain a path of this machine
    message = Message("bundles.reason_left_out") if re.search(r"[/\\]", str(status.message)) else status.message
    return replace(status, owner=None, heartbeat=0.0, rank=0.0, seconds_left=None, message=message)


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps(values, indent=1).encode()


def _table(path: Path, config: RunConfig) -> bytes:
    """A CSV without damaged rows, every n-th of them if there are too many; empty if there is no file."""
    try:
        rows = plausible_rows(path, config.epochs)
    except (OSError, UnreadableRun):
        return b""
    few = rows[:: max(1, -(-len(rows) // MOST_ROWS[path.name]))]
    lines = [",".join(COLUMNS[path.name]), *(",".join(map(_number, row)) for row in few)]
    return ("\n".join(lines) + "\n").encode()


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if math.isfinite(value) and value == int(value) else repr(value)


Checks = dict[Path, Callable[[], object]]


def _once(folder: RunFolder, config: RunConfig) -> Checks:
    """The files that a run has at most once, each with a check that raises UnreadableRun if it could not be opened."""
    network = {folder.path / BROUGHT: partial(check_model, folder.path / BROUGHT)}
    return {
        **(network if isinstance(config.network, OtherNetwork) else {}),
        folder.labels: partial(check_labels, folder, config),
        steps_file(folder): partial(check_steps, folder, config),
        folder.path / CROSS_VALIDATION: partial(check_cross_validation, folder, config),
        folder.path / FAMILIARITY: partial(check_familiarity, folder, config),
    }


def _chosen(folder: RunFolder, config: RunConfig, status: Status, room: int) -> list[Path] | None:
    """Predictions and weights, of fewer epochs if there is no room for all; None if even the fewest do not fit."""
    table = config.layer_table
    predictions: Checks = {
        folder.predictions(epoch): partial(check_predictions, folder, config, epoch)
        for epoch in predicted_epochs(folder)
    }
    weights: Checks = {
        folder.weights(epoch): partial(read_weights, folder.weights(epoch), table) for epoch in weighted_epochs(folder)
    }
    answered, learned = _sound(predictions), _sound(weights)
    always = {0, status.best_epoch or status.epoch, status.epoch}
    for step, answered_step in _steps(max(status.epoch, 1)):
        kept = [*_every(answered_step, answered, always), *_every(step, learned, always)]
        if _size(kept) <= room:
            return kept
    return None


def _steps(epochs: int) -> Iterator[tuple[int, int]]:
    """Every, every second, every fourth … epoch: of weights first, since they are larger, then of predictions."""
    doubled = [2**power for power in range(epochs.bit_length() + 1)]
    yield from ((step, 1) for step in doubled)
    yield from ((doubled[-1], step) for step in doubled[1:])


def _every(step: int, paths: list[Path], always: set[int]) -> list[Path]:
    epochs = [int(path.name.partition("-")[2].partition(".")[0]) for path in paths]
    return [path for path, epoch in zip(paths, epochs, strict=True) if epoch in always or epoch % step == 0]


def _sound(checks: Checks) -> list[Path]:
    found = []
    for path, check in checks.items():
        try:
            check()
        except UnreadableRun:
            continue
        if path.is_file():
            found.append(path)
    return found


def _size(paths: list[Path]) -> int:
    """Bytes in the archive."""
    return sum(path.stat().st_size + _ENTRY for path in paths)
