"""Opens a finished model from a file that a stranger may have made: evaluated here, it becomes a run without curves."""

import contextlib
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal

from core import child_process
from core.bundle.beside import ALONE, Beside
from core.bundle.check import inspect
from core.bundle.format import KERAS, MOST_BYTES
from core.bundle.model_format import model_format
from core.bundle.open import Opened, draft_folder, join_runs, one_at_a_time, refusals
from core.bundle.open_logs import curve_status, record, write_curves
from core.bundle.unpack import unpack
from core.config.datasets import describe
from core.errors import DigitLabError
from core.inference.model_network import FILE as MODEL_TFLITE
from core.models.evaluating import TIMEOUT
from core.models.keras_file import MODEL_H5
from core.models.reading import FoundModel, read_model
from core.models.request import FILE, OTHERS, Request, other_folder
from core.models.sandbox import REFUSED, refusal
from core.runs.folder import RunFolder
from core.runs.model_file import Format

_CHUNK = 1 << 20
_log = logging.getLogger(__name__)

Progress = Callable[[float], object]
"""Gets the share of the work that is done."""


@dataclass(frozen=True, slots=True)
class Wish:
    """On which data set a model is to be evaluated, and whether on the last 20 % of its training images too."""

    dataset: str
    validation: Literal["none", "last-20"] = "none"


def look_into(file: IO[bytes], *, most_bytes: int = MOST_BYTES) -> FoundModel:
    """What a model's file contains; raises DigitLabError, which says in one sentence what was refused."""
    with one_at_a_time, refusals(), tempfile.TemporaryDirectory(prefix="digit-lab-") as room:
        source = Path(room) / "source"
        _laid_out(file, source, most_bytes)
        return read_model(source)


def open_model(
    file: IO[bytes],
    name: str,
    runs_dir: Path,
    wish: Wish,
    *,
    beside: Beside = ALONE,
    sign: Callable[[RunFolder], None] | None = None,
    progress: Progress = lambda _: None,
    most_bytes: int = MOST_BYTES,
) -> Opened:
    """The run of the model in a file of this name, read-only among the runs; the same files and wish give the same run.

    It appears complete or not at all. Raises only DigitLabError, which names the problem in one sentence.
    """
    with one_at_a_time, refusals(), draft_folder(runs_dir) as draft:
        folder = RunFolder(draft)
        source = draft / "source"
        found, digest = _laid_out(file, source, most_bytes)
        others = [_laid_beside(file, other_folder(draft, epoch), most_bytes) for epoch, file in beside.others]
        wished = hashlib.sha256(" ".join([digest, wish.dataset, wish.validation, *beside.identity(others)]).encode())
        target = runs_dir / f"model-{wished.hexdigest()[:20]}"
        if target.is_dir():
            return Opened(target.name, known=True)
        epochs = tuple(epoch for epoch, _ in beside.others)
        model = read_model(source, [other_folder(draft, epoch) for epoch in epochs])
        title = name.rpartition(".")[0] or name
        logs = record(beside.training).to_json() if beside.training else None
        if beside.training:
            rows = write_curves(folder, beside.training)
        request = Request(title, name, found, digest, wish.dataset, wish.validation)
        replace(request, epoch=beside.epoch, epochs=beside.epochs, others=epochs, logs=logs).write(folder)
        is_list = model.is_list_for(describe(wish.dataset))
        if found == "tflite":
            (source / MODEL_TFLITE).rename(draft / MODEL_TFLITE)
        elif not is_list:
            _run("core.training.convert_model", source, draft / MODEL_TFLITE)
        _run("core.training.adopt" if is_list else "core.models.evaluating", draft, progress=progress)
        shutil.rmtree(source)
        shutil.rmtree(draft / OTHERS, ignore_errors=True)
        (draft / FILE).unlink()
        if beside.training:
            told = curve_status(beside.training, rows)
            curves = {"learning_rate": told.learning_rate, "exploded": told.exploded, "seconds": told.seconds}
            folder.change_status(message=told.message, **curves)
        # what the process wrote must be what any run has
        inspect(folder)
        return join_runs(folder, target, sign)


def _laid_out(file: IO[bytes], source: Path, most_bytes: int) -> tuple[Format, str]:
    """Write the files of a model into a new folder; returns the format and the SHA-256 of the file."""
    found = model_format(file)
    if file.seek(0, 2) > most_bytes:
        raise DigitLabError("bundles.large_file", limit=most_bytes // 1_000_000)
    file.seek(0)
    source.mkdir()
    if found is None:
        raise DigitLabError("models.unknown_format")
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    if found == "keras":
        unpack(file, source, contents=KERAS, most_bytes=most_bytes)
    else:
        with (source / (MODEL_H5 if found == "h5" else MODEL_TFLITE)).open("xb") as written:
            shutil.copyfileobj(file, written, _CHUNK)
    return found, digest.hexdigest()


def _laid_beside(file: IO[bytes], folder: Path, most_bytes: int) -> str:
    """Write the files of another epoch's checkpoint into a new folder; returns the SHA-256 of the file."""
    folder.parent.mkdir(exist_ok=True)
    found, digest = _laid_out(file, folder, most_bytes)
    if found == "tflite":
        raise DigitLabError("logs.several_models")
    return digest


def _run(module: str, *paths: Path, progress: Progress = lambda _: None) -> None:
    """Run one of the processes that make a run of a model; raises DigitLabError with its message where it refuses."""

    def told(line: str) -> None:
        word, _, share = line.partition(" ")
        if word == "progress":
            with contextlib.suppress(ValueError):
                progress(min(max(float(share), 0.0), 1.0))

    ended = child_process.follow(module, *(str(path.absolute()) for path in paths), timeout=TIMEOUT, on_line=told)
    if ended.code == REFUSED:
        raise DigitLabError(refusal((ended.out.splitlines() or [""])[-1]))
    if ended.code != 0:
        _log.warning("a model's evaluation ended with %s:\n%s", ended.code, ended.err[-2_000:])
        raise DigitLabError("models.too_slow" if ended.code is None else "models.crashed")
