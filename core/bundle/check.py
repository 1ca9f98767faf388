"""Checks every file of an opened bundle by its kind: it must be what a run with this config can have."""

from dataclasses import replace

from core.bundle.check_arrays import (
    check_cross_validation,
    check_familiarity,
    check_labels,
    check_predictions,
    check_steps,
)
from core.bundle.format import ENDED, MOST_ROWS, shareable
from core.config.run import RunConfig
from core.errors import UnreadableRun
from core.runs.checked_rows import plausible_rows
from core.runs.folder import RunFolder
from core.runs.label import Label
from core.runs.manifest import Manifest
from core.runs.predictions import predicted_epochs
from core.runs.status import Status
from core.runs.weights import weighted_epochs
from core.text import Message


def inspect(folder: RunFolder) -> Manifest:
    """Check all but the weights, and rewrite the JSON files as this product writes them; returns the manifest.

    Raises UnreadableRun, which names the file.
    """
    manifest = _manifest(folder)
    folder.write_manifest(manifest)
    config = manifest.config
    folder.write_status(_status(folder, config))
    folder.write_label(_label(folder))
    _check_rows(folder, config)
    check_labels(folder, config)
    for epoch in predicted_epochs(folder):
        check_predictions(folder, config, epoch)
    for epoch in weighted_epochs(folder)[-1:]:
        if epoch > config.epochs:
            raise UnreadableRun("bundles.other_epoch", file=folder.weights(epoch).relative_to(folder.path))
    check_steps(folder, config)
    check_familiarity(folder, config)
    check_cross_validation(folder, config)
    return manifest


def _manifest(folder: RunFolder) -> Manifest:
    try:
        return shareable(folder.manifest())
    except UnreadableRun as error:
        # the error of a setting does not name its file
        known = "run.json" in str(error)
        raise UnreadableRun(error.message if known else Message("bundles.setting", reason=error.message)) from None


def _status(folder: RunFolder, config: RunConfig) -> Status:
    # as written: the process that it names belongs to another machine
    status = Status.from_json({**_read(folder, "status.json"), "owner": None})
    if status.state not in ENDED:
        raise UnreadableRun("bundles.not_ended_there")
    shares = (status.test_accuracy, status.last_test_accuracy)
    if max(status.epoch, status.best_epoch or 0) > config.epochs or any(share and share > 1 for share in shares):
        raise UnreadableRun("runs.bad_status")
    return replace(status, heartbeat=0.0, rank=0.0, seconds_left=None)


def _label(folder: RunFolder) -> Label:
    if not (folder.path / "label.json").exists():
        return Label()
    values = _read(folder, "label.json")
    name, note, tags = values.get("name", ""), values.get("note", ""), values.get("tags", [])
    if not isinstance(name, str) or not isinstance(note, str) or not isinstance(tags, list):
        raise UnreadableRun("bundles.bad_label")
    words = tuple(tag for tag in tags if isinstance(tag, str))
    if len(words) < len(tags):
        raise UnreadableRun("bundles.bad_label")
    return Label(name, note, tags=words)


def _read(folder: RunFolder, name: str) -> dict[str, object]:
    values = folder.read_json(name)
    if not isinstance(values, dict):
        raise UnreadableRun("runs.file_damaged", file=name)
    return values


def _check_rows(folder: RunFolder, config: RunConfig) -> None:
    for path in (folder.epochs_csv, folder.batches_csv):
        if not path.is_file():
            continue
        rows = plausible_rows(path, config.epochs)
        if not len(rows) == len(path.read_bytes().splitlines()) - 1 <= MOST_ROWS[path.name]:
            raise UnreadableRun("bundles.bad_rows", file=path.name)
