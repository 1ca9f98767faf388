"""Opens the logs of trainings elsewhere, which a stranger may have made: each training becomes a run with curves."""

import hashlib
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import IO

from core.bundle.check import inspect
from core.bundle.format import MOST_BYTES
from core.bundle.open import Opened, draft_folder, join_runs, one_at_a_time, refusals
from core.config.network import OtherNetwork
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.logs.reading import LoggedTraining, read_logs
from core.runs.curves import Row, best_epoch, csv_line
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.log_files import LogFiles
from core.runs.manifest import Manifest
from core.runs.status import Status
from core.text import Message, say

_RATE = EPOCH_COLUMNS.index("learning_rate")


def open_logs(
    files: Sequence[tuple[str, IO[bytes]]],
    runs_dir: Path,
    *,
    sign: Callable[[RunFolder], None] | None = None,
    most_bytes: int = MOST_BYTES,
) -> list[Opened]:
    """The runs of the trainings in these named files; the same files give the same runs.

    Each run appears complete or not at all. Raises only DigitLabError, which names the problem in one sentence.
    """
    with one_at_a_time, refusals():
        return [_opened(training, runs_dir, sign) for training in logged(files, runs_dir, most_bytes=most_bytes)]


def logged(files: Sequence[tuple[str, IO[bytes]]], runs_dir: Path, *, most_bytes: int) -> list[LoggedTraining]:
    """The trainings in these files; raises UnreadableRun, OSError."""
    if sum(file.seek(0, 2) for _, file in files) > most_bytes:
        raise DigitLabError("bundles.large_file", limit=most_bytes // 1_000_000)
    with draft_folder(runs_dir) as room:
        return read_logs(files, room)


def write_curves(folder: RunFolder, training: LoggedTraining) -> list[Row]:
    """Write the epochs of a training as a run has them; returns the rows."""
    rows = [(*row, took) for row, took in zip(training.rows, training.seconds, strict=True)]
    text = ",".join(EPOCH_COLUMNS) + "\n" + "".join(map(csv_line, rows))
    folder.epochs_csv.write_text(text, encoding="utf-8")
    return rows


def curve_status(training: LoggedTraining, rows: Sequence[Row]) -> Status:
    """The status of a training that ended elsewhere; whether it was to go on, nobody knows."""
    rates = [row[_RATE] for row in rows if math.isfinite(row[_RATE])]
    at, took = training.exploded, sum(training.seconds)
    return Status(
        state="finished",
        message=None if at is None else Message("logs.exploded", epoch=at),
        epoch=int(rows[-1][0]),
        seconds=took if math.isfinite(took) else 0.0,
        best_epoch=best_epoch(rows),
        learning_rate=rates[-1] if rates else None,
        exploded=None if at is None else float(at),
    )


def record(training: LoggedTraining) -> LogFiles:
    """What a run's manifest says of its logs."""
    return LogFiles(training.names, training.left_out, training.skipped)


def _opened(training: LoggedTraining, runs_dir: Path, sign: Callable[[RunFolder], None] | None) -> Opened:
    # the same with whatever other files it is dropped
    identity = repr((sorted(training.names), training.rows, sorted(training.left_out), training.skipped))
    target = runs_dir / f"logs-{hashlib.sha256(identity.encode()).hexdigest()[:20]}"
    if target.is_dir():
        return Opened(target.name, known=True)
    with draft_folder(runs_dir) as draft:
        folder = RunFolder(draft)
        rows = write_curves(folder, training)
        status = curve_status(training, rows)
        config = RunConfig(preset="layers", network=OtherNetwork(), epochs=status.epoch)
        folder.write_manifest(Manifest(_name(training), time.time(), config, logs=record(training)))
        folder.write_status(status)
        inspect(folder)
        return join_runs(folder, target, sign)


def _name(training: LoggedTraining) -> str:
    """The first file's name without its ending; those of TensorBoard's files say nothing."""
    told = [name for name in training.names if "tfevents" not in name]
    return PurePath(told[0]).stem if told else say("logs.of_tensorboard")
