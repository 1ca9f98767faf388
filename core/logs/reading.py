"""Reads strangers' logs in a process of its own, with limits: `python -m core.logs.reading FOLDER`.

The folder has the files under numbers, and their names in `names.json`. The process may write no file.
"""

import contextlib
import json
import logging
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from core import child_process
from core.errors import DigitLabError, UnreadableRun
from core.logs.files import read_file
from core.logs.together import merged, seconds, together
from core.logs.training import METRICS, MOST_EPOCHS, Training
from core.models.sandbox import ALONE, REFUSED, confine, refusal
from core.text import Message, one_line, shortened

TIMEOUT = 30.0
"""Seconds; 20 MB of any kind take three."""
MOST_FILES = 200
_NAMES = "names.json"
_LONGEST_NAME = 80
_CHUNK = 1 << 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoggedTraining:
    """A training elsewhere, from one log or several."""

    names: tuple[str, ...]
    """The files' names."""
    rows: tuple[tuple[float, ...], ...]
    """The epoch and METRICS; what is missing is NaN."""
    seconds: tuple[float, ...]
    """How long the epoch in each row took; NaN where no file tells."""
    left_out: tuple[str, ...]
    """Other metrics that the files have."""
    skipped: int
    """Damaged lines and records."""
    exploded: int | None
    """The first epoch whose loss is not a finite number."""


def read_logs(files: Sequence[tuple[str, IO[bytes]]], room: Path, *, timeout: float = TIMEOUT) -> list[LoggedTraining]:
    """The trainings in these named files; `room` is an empty folder for copies of them.

    Raises UnreadableRun, which names the file.
    """
    if len(files) > MOST_FILES:
        raise UnreadableRun("logs.many_files", limit=MOST_FILES)
    (room / _NAMES).write_text(json.dumps([name for name, _ in files]), encoding="utf-8")
    for number, (_, file) in enumerate(files):
        file.seek(0)
        with (room / str(number)).open("wb") as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
        file.seek(0)
    ended = child_process.run("core.logs.reading", str(room.absolute()), timeout=timeout, changes=ALONE)
    last = (ended.out.splitlines() or [""])[-1]
    if ended.code == 0:
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            return [_training(values) for values in json.loads(last)]
    if ended.code == REFUSED:
        raise UnreadableRun(refusal(last))
    _log.warning("reading logs ended with %s:\n%s", ended.code, ended.err[-2_000:])
    raise UnreadableRun("logs.too_slow" if ended.code is None else "logs.gave_up")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the trainings as JSON in the last line and return 0, or 3 after a message that says what was refused."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    confine(0, seconds=TIMEOUT)
    try:
        print(json.dumps(read(Path(path))), flush=True)
    except DigitLabError as error:
        print(json.dumps(error.message.to_json()), flush=True)
        return REFUSED
    return 0


def read(room: Path) -> list[dict[str, Any]]:
    """As `read_logs`, in this process, as JSON."""
    found = list[Training]()
    for number, name in enumerate(json.loads((room / _NAMES).read_text(encoding="utf-8"))):
        try:
            of_file = read_file(name, (room / str(number)).read_bytes())
        except UnreadableRun as error:
            raise UnreadableRun("logs.in_file", name=_shown(name), reason=error.message) from None
        for training in of_file:
            training.place = number
        found += of_file
    return [_as_json(group) for group in together(found)]


def _as_json(group: Sequence[Training]) -> dict[str, Any]:
    names = dict.fromkeys(_shown(training.file) for training in group)
    metrics = merged(group)
    epochs = sorted({epoch for values in metrics.values() for epoch in values})
    if epochs[-1] > MOST_EPOCHS:
        reason = Message("logs.many_epochs", count=epochs[-1], limit=MOST_EPOCHS)
        raise UnreadableRun("logs.in_file", name=next(iter(names)), reason=reason)
    rows = [[_number(metrics.get(name, {}).get(epoch)) for name in METRICS] for epoch in epochs]
    losses, took = metrics.get("loss", {}), seconds(group)
    return {
        "names": list(names),
        "rows": [[epoch, *row] for epoch, row in zip(epochs, rows, strict=True)],
        "seconds": [took.get(epoch) for epoch in epochs],
        "left_out": list(dict.fromkeys(name for training in group for name in training.left_out)),
        "skipped": sum(training.skipped for training in group),
        "exploded": min((epoch for epoch, value in losses.items() if math.isnan(value)), default=None),
    }


def _training(values: Any) -> LoggedTraining:
    """What the other process printed, which a crafted file may have taken over; raises ValueError."""
    rows = [tuple(math.nan if value is None else float(value) for value in row) for row in values["rows"]]
    seconds = tuple(math.nan if value is None else float(value) for value in values["seconds"])
    epochs = [row[0] for row in rows]
    sound = all(len(row) == 1 + len(METRICS) and row[0].is_integer() for row in rows)
    sound = sound and len(seconds) == len(rows) and not any(value < 0 or math.isinf(value) for value in seconds)
    sound = sound and bool(rows) and epochs == sorted(set(epochs)) and epochs[0] >= 1 and epochs[-1] <= MOST_EPOCHS
    texts = [*values["names"], *values["left_out"]]
    exploded, skipped = values["exploded"], values["skipped"]
    sound = sound and all(isinstance(text, str) for text in texts) and bool(values["names"])
    if not sound or type(skipped) is not int or not (exploded is None or (type(exploded) is int and exploded > 0)):
        raise ValueError(values)
    return LoggedTraining(tuple(values["names"]), tuple(rows), seconds, tuple(values["left_out"]), skipped, exploded)


def _shown(name: str) -> str:
    return shortened(one_line(name[: 10 * _LONGEST_NAME]), _LONGEST_NAME)


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


if __name__ == "__main__":
    sys.exit(main())
