"""The text and tables of a report: settings, machine, layers, and a summary of the run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from core import formatting as figures
from core.config.datasets import dataset_title
from core.config.run import RunConfig
from core.config.setting_table import setting_table
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.log_files import LogFiles
from core.runs.manifest import Manifest
from core.runs.model_file import ModelFile
from core.runs.recorded import NOT_KEPT, Recorded
from core.runs.status import Status
from core.text import ENGLISH, Message, catalogue, listed, say

Row = tuple[str, str]
_RATE, _SECONDS = EPOCH_COLUMNS.index("learning_rate"), EPOCH_COLUMNS.index("seconds")
_MACHINE = ("processor", "cores", "gpus", "system", "python", "tensorflow", "keras", "precision", "dataset_source")


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with its name and a line of context."""

    name: str
    figure: str
    note: str = ""


def setting_rows(config: RunConfig) -> list[Row]:
    """Every setting that has an effect, with its label and value as in the form."""
    return [(setting.label, setting.value) for setting in setting_table(config) if setting.used]


def recorded_rows(recorded: Recorded, config: RunConfig) -> list[Row]:
    """What a person's own program reported of its training."""
    values = {
        "script": recorded.script,
        "network": recorded.network,
        "parameters": f"{config.parameters:,}",
        "dataset": say(dataset_title(config.dataset)),
        "images": f"{config.data.training:,}",
        "validated": f"{config.data.test:,}" if config.dataset != NOT_KEPT else "",
        "optimizer": recorded.optimizer,
        "learning_rate": recorded.learning_rate,
        "loss": recorded.loss,
        "batch_size": str(config.batch_size),
        "epochs": str(config.epochs),
        "backend": recorded.backend,
    }
    return [(say(f"recording.fact.{name}"), value) for name, value in values.items() if value]


def model_rows(model: ModelFile, config: RunConfig) -> list[Row]:
    """Where a network came from, and how it takes images and answers."""
    values = {
        "file": model.name,
        "format": say(f"models.format.{model.format}"),
        "digest": model.digest[:16],
        "dataset": say(dataset_title(config.dataset)),
        "input": "×".join(map(str, model.form.shape)),
        "pixels": listed(model.form.in_words()),
        "outputs": say(f"models.outputs.{model.outputs}"),
        "parameters": f"{config.parameters:,}",
    }
    return [(say(f"models.fact.{name}"), value) for name, value in values.items()]


def log_rows(manifest: Manifest, logs: LogFiles, folder: RunFolder) -> list[Row]:
    """The logs of a training elsewhere and what they say about it; the rest is shown as unknown."""
    rows = CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()
    rates = [row[_RATE] for row in rows if math.isfinite(row[_RATE])]
    seconds = [row[_SECONDS] for row in rows]
    unknown = say("logs.unknown_value")
    values = {
        "files": listed(logs.names),
        "epochs": str(len(rows)) if rows else unknown,
        "seconds": figures.duration(sum(seconds)) if seconds and all(map(math.isfinite, seconds)) else "",
        "learning_rate": _range(rates) or unknown,
        "optimizer": unknown,
        "batch_size": unknown,
        **({} if manifest.has_network else {"network": unknown, "dataset": unknown}),
        "left_out": listed(logs.left_out),
        "skipped": say("logs.skipped_one" if logs.skipped == 1 else "logs.skipped", count=logs.skipped)
        if logs.skipped
        else "",
    }
    return [(say(f"logs.fact.{name}"), value) for name, value in values.items() if value]


def _range(rates: Sequence[float]) -> str:
    """The first and the last learning rate, or the only one."""
    if not rates:
        return ""
    first, last = figures.rate(rates[0]), figures.rate(rates[-1])
    return first if first == last else say("logs.rates", first=first, last=last)


def machine_rows(environment: dict[str, Any]) -> list[Row]:
    """The machine that the run used, as far as known, and the digest of the data set."""
    if source := _source(environment):
        environment = environment | {"dataset_source": say(source)}
    rows = [(say(f"report.machine.{name}"), _line(environment[name])) for name in _MACHINE if name in environment]
    if "dataset_digest" in environment:
        rows.append((say("report.machine.dataset_digest"), _line(environment["dataset_digest"])[:16]))
    return rows


def _source(environment: dict[str, Any]) -> Message | None:
    """Where the images came from; runs of earlier versions have it in English alone."""
    sources = {text: key for key, text in catalogue(ENGLISH).items() if key.startswith("datasets.source.")}
    written = environment.get("dataset_source")
    known = Message(sources[written]) if isinstance(written, str) and written in sources else None
    return Message.from_json(environment.get("dataset_source_said")) or known


def layer_rows(config: RunConfig) -> list[tuple[str, str, str]]:
    """Each layer's name, output shape and number of parameters, and the total."""
    rows = [
        (row.layer.name, "×".join(f"{size:,}" for size in row.output_shape), f"{row.parameters:,}")
        for row in config.layer_table
    ]
    return [*rows, (say("layer_table.total"), "", f"{config.parameters:,}")]


def summary(manifest: Manifest, status: Status, zone: tzinfo | None) -> str:
    """State, epochs, duration and date in one line, with the date in this time zone; less of what is from elsewhere."""
    config = manifest.config
    if not manifest.has_network:
        date = figures.date(manifest.created, zone)
        return say("report.summary_of_logs", epochs=status.epoch, date=date)
    if manifest.model is not None:
        return say(
            "report.summary_of_model",
            date=figures.date(manifest.created, zone),
            dataset=say(dataset_title(config.dataset)),
            about=say("models.from_file", file=manifest.model.name, takes=manifest.model.takes()),
        )
    return say(
        "report.summary",
        state=say(f"watch.state.{status.state}"),
        epoch=status.epoch,
        epochs=config.epochs,
        time=figures.duration(status.seconds),
        date=figures.date(manifest.created, zone),
        dataset=say(dataset_title(config.dataset)),
    )


def machine_line(environment: dict[str, Any]) -> str:
    """Processor and versions in one line; empty if the run never started."""
    if not {"processor", "cores", "tensorflow", "keras"} <= environment.keys():
        return ""
    return say("report.ran_on", **{name: _line(value) for name, value in environment.items()})


def _line(value: Any) -> str:
    """An untrusted value from a run's file, on one line of limited length."""
    return " ".join(str(value).split())[:120]
