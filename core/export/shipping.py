"""Reduce a finished run to ship with the product: `python -m core.export.shipping RUN_FOLDER [NAME]`.

All figures and answers of the run are preserved; cached_models/README.md describes what is rounded.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.array_types import Bytes, Floats, Indices
from core.data import datasets
from core.data.datasets import Dataset
from core.errors import DigitLabError, UnreadableRun
from core.files import replacing
from core.inference.classifier import load
from core.inference.network_file import NetworkFile
from core.places import place
from core.runs.folder import RunFolder
from core.runs.manifest import Manifest
from core.runs.predictions import Part, images_of, parts, predicted_epochs, read_labels, read_log_probabilities
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import places, read_weights
from core.runs.weights import rewritten_weights, weighted_epochs
from core.text import Message, say
from core.text.terminal import command_parser

Halves = NDArray[np.float16]
Numbers = NDArray[Any]

EPOCHS = frozenset({0, 1, 2, 3, 5, 8, 12})
"""Epochs whose weights are kept besides the best and the last; most is learned in the first ones."""

MOVED = 2.0**-17
"""Maximum change of a probability by rounding in a file of predictions."""

HALF_STEPS, WHOLE_STEPS = (2.0**-12, 2.0**-13, 2.0**-14), (2.0**-16, 2.0**-17, 2.0**-18, 2.0**-20)
"""Candidate rounding steps for weights, tried until no answer changes; float16 before float32."""

_COPIED = ("epochs.csv", "batches.csv", "architecture.json", "network.tflite")
_COPIED_WHERE_THERE = ("steps.npz", "familiarity.npz", "cross_validation.npz")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
_LARGEST_STEP = 1.0
_BATCH = 250
# rounding may change the answer between classes whose log-probabilities are this close
_CLOSE = 0.05


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 on success, 2 if the run cannot be shipped."""
    parser = command_parser("python -m core.export.shipping", "shipping.description", arguments)
    parser.add_argument("folder", metavar="RUN_FOLDER", type=place, help=say("shipping.help_folder"))
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help=say("shipping.help_name"))
    parser.add_argument("--to", metavar="FOLDER", type=place, default=SHIPPED_DIR, help=say("shipping.help_to"))
    parser.add_argument("--epochs", metavar="0,1,…", type=_numbers, help=say("shipping.help_epochs"))
    options = parser.parse_args(arguments)
    try:
        for line in ship(RunFolder(options.folder), options.to, options.name, options.epochs):
            print(line)
    except DigitLabError as error:
        print(say(error.message), file=sys.stderr)
        return 2
    return 0


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(number) for number in text.split(","))


def ship(folder: RunFolder, shipped_dir: Path, name: str = "", epochs: frozenset[int] | None = None) -> Iterator[str]:
    """Write a small copy of a finished run, replacing one of the same name; yields progress messages.

    By default, it has the predictions of all epochs and the weights of EPOCHS; with `epochs`, those of these epochs
    only. The best epoch's weights and the best and last epochs' predictions are always included. Raises DigitLabError
    if the run is unfinished or unreadable, or its data set is not available.
    """
    manifest, status = folder.manifest(), folder.status()
    name = name or manifest.name
    if status.state != "finished":
        raise DigitLabError("shipping.not_finished", state=Message(f"runs.state.{status.state}"))
    if not _NAME.fullmatch(name):
        raise DigitLabError("shipping.bad_name", name=name[:60])
    data = datasets.load(manifest.config.dataset)
    if manifest.data_digest != data.digest:
        raise DigitLabError("shipping.other_digits", dataset=data.name)
    shipped_dir.mkdir(parents=True, exist_ok=True)
    with replacing(shipped_dir / name) as draft:
        target = RunFolder(draft)
        for directory in (draft, target.weights(0).parent, target.predictions(0).parent):
            directory.mkdir()
        target.write_manifest(replace(manifest, name=name))
        target.write_status(replace(status, owner=None, heartbeat=0.0))
        for file in _COPIED:
            _copy(folder.path / file, draft / file)
        for file in _COPIED_WHERE_THERE:
            if (folder.path / file).exists():
                _copy(folder.path / file, draft / file)
        best = status.best_epoch or status.epoch
        answered = set(predicted_epochs(folder))
        _ship_predictions(folder, target, data, answered if epochs is None else epochs | {best, status.epoch})
        kept = EPOCHS | {best, status.epoch} if epochs is None else epochs | {best}
        for epoch in sorted(kept & set(weighted_epochs(folder))):
            yield _ship_weights(folder, target, manifest, epoch, data)
        shutil.rmtree(shipped_dir / name, ignore_errors=True)
    size = sum(path.stat().st_size for path in (shipped_dir / name).rglob("*") if path.is_file())
    yield say("shipping.done", name=name, size=f"{size / 1e6:.1f}")


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        raise UnreadableRun("runs.file_missing", file=source.name) from None


def _ship_predictions(folder: RunFolder, target: RunFolder, data: Dataset, epochs: Set[int]) -> None:
    config = folder.manifest().config
    labels = {part: read_labels(folder, config, part, data) for part in parts(config)}
    _write_arrays(target.labels, labels)
    for epoch in sorted(epochs & set(predicted_epochs(folder))):
        found = {part: read_log_probabilities(folder, config, epoch, part) for part in labels}
        _write_arrays(target.predictions(epoch), {part: shortened(found[part], labels[part]) for part in found})


def _write_arrays(path: Path, arrays: Mapping[Part, Numbers]) -> None:
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **{str(part): values for part, values in arrays.items()})


def shortened(log_probabilities: Floats, labels: Bytes) -> Halves:
    """The log-probabilities (n, classes) in fewer bits, changing no probability by more than MOVED.

    Values of the label and of the two most probable classes stay exact, so losses, answers and margins do not change.
    """
    # small enough not to matter, and large enough not to overflow the exponential
    bounded = np.maximum(log_probabilities, -40)
    steps = np.exp2(np.floor(np.log2(np.minimum(2 * MOVED * np.exp(-bounded), _LARGEST_STEP))))
    rows = np.arange(len(labels))[:, None]
    likeliest = np.argsort(-log_probabilities, axis=1, kind="stable")[:, :2]
    second = log_probabilities[rows, likeliest[:, 1:]]
    short = np.minimum(np.round(log_probabilities / steps) * steps, second).astype(np.float16)
    exact = np.concatenate([likeliest, labels[:, None]], axis=1)
    short[rows, exact] = log_probabilities[rows, exact]
    return short


def _ship_weights(folder: RunFolder, target: RunFolder, manifest: Manifest, epoch: int, data: Dataset) -> str:
    """Write an epoch's weights in the shortest form that changes no answer on the test set; returns a message."""
    table = manifest.config.layer_table
    log_probabilities = read_log_probabilities(folder, manifest.config, epoch, "test")
    answers = log_probabilities.argmax(axis=1)
    images: Floats = np.asarray(images_of(data, "test"), np.float32) / np.float32(255)
    two = np.partition(log_probabilities, -2, axis=1)[:, -2:]
    # the few digits between two classes, checked first, rule out most forms
    some_then_all = (two[:, 1] - two[:, 0] < _CLOSE, slice(None))
    path, output = folder.weights(epoch), table[-1].layer.name

    def agree(numbers: Sequence[Numbers]) -> bool:
        whole = [values.astype(np.float32) for values in numbers]
        network = NetworkFile(folder.path / "network.tflite", table, whole)
        return all(np.array_equal(_answers(network, images[of], output), answers[of]) for of in some_then_all)

    found = next(((form, numbers) for form, numbers in _forms(read_weights(path, table)) if agree(numbers)), None)
    if found is None:
        raise DigitLabError("shipping.other_answers", epoch=epoch)
    form, kept = found
    by_place = {place: values for (place, _), values in zip(places(table), kept, strict=True)}
    target.weights(epoch).write_bytes(rewritten_weights(path, by_place, packed=True))
    shares = load(target, epoch).probabilities(images)
    # checks the file that was actually written
    if not np.array_equal(shares.argmax(axis=1), answers):
        raise DigitLabError("shipping.other_answers", epoch=epoch)
    moved = float(np.abs(shares - np.exp(log_probabilities)).max())
    size = target.weights(epoch).stat().st_size / 1e6
    return say("shipping.weights", epoch=epoch, form=form, size=f"{size:.2f}", moved=f"{moved:.4f}")


def _forms(weights: Sequence[Floats]) -> Iterator[tuple[str, list[Numbers]]]:
    """The weights in several precisions, shortest in the file first and unrounded last, each with its description."""
    for kind, steps in ((np.float16, HALF_STEPS), (np.float32, WHOLE_STEPS)):
        name = np.dtype(kind).name
        for step in steps:
            rounded = [(np.round(values / step) * step).astype(kind) for values in weights]
            yield say("shipping.steps", kind=name, step=f"{1 / step:,.0f}"), rounded
        yield name, [values.astype(kind) for values in weights]


def _answers(network: NetworkFile, images: Floats, output: str) -> Indices:
    batches = (images[i : i + _BATCH] for i in range(0, len(images), _BATCH))
    found = [network.layers(batch)[output].argmax(axis=1) for batch in batches]
    return np.concatenate(found) if found else np.empty(0, np.intp)


if __name__ == "__main__":
    sys.exit(main())
