"""A run's report, rendered into one HTML file."""

import time
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core import formatting as figures
from core.analysis.answers import Answers
from core.analysis.confusion import confusion_matrix
from core.array_types import Bytes
from core.config.datasets import DataDescription
from core.config.keras_script import keras_code
from core.config.run import RunConfig
from core.export.report import answered, facts, line_chart
from core.runs.curves import CurveReader
from core.runs.epoch_loss import epoch_loss
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.manifest import Manifest
from core.runs.predictions import Part
from core.runs.status import Status
from core.text import language, say

_FOLDER = Path(__file__).parent
MOST_COLUMNS = 20
"""Classes of a confusion matrix in numbers."""


def html_report(
    folder: RunFolder,
    manifest: Manifest,
    status: Status,
    answers: Answers | None,
    images: Bytes | None,
    epoch: int,
    *,
    part: Part = "test",
    zone: tzinfo | None = None,
) -> str:
    """A self-contained HTML page about a run and its answers after an epoch on a part of the data set.

    `images` belong to the answers, uint8 (n, *image_shape). Parts that are None are omitted, with a note on the page.
    Dates are in `zone`, by default the server's time zone.
    """
    reader = CurveReader(folder.epochs_csv, EPOCH_COLUMNS)
    reader.read()
    config, label = manifest.config, folder.label()
    if answers is not None and not len(answers):
        answers = None
    return (
        _environment()
        .get_template("report.html")
        .render(
            name=label.name or manifest.worded_name,
            summary=facts.summary(manifest, status, zone),
            machine=facts.machine_line(manifest.environment),
            notes=[label.note] * bool(label.note) + _notes(config, status, epoch if answers else None),
            charts=_charts(reader, epoch),
            chart_size=line_chart,
            epochs=[dict(zip(EPOCH_COLUMNS, row, strict=True)) for row in reader.rows],
            no_curves=say("report.no_curves" if manifest.has_curves else "models.no_curves"),
            subject=_subject(answers, manifest, status, epoch, part),
            no_answers=say(_no_answers(manifest)),
            cards=answered.cards(answers, epoch_loss(answers.mean_loss, folder, config, status, epoch, part))
            if answers
            else answered.kept_cards(config, status),
            answered=_answered(answers, config.data) if answers else None,
            classes=config.data.classes,
            worst=_worst(answers, images, config.data),
            **_settings(folder, manifest),
            machine_rows=facts.machine_rows(manifest.environment),
            layers=facts.layer_rows(config) if manifest.has_network else [],
            code=keras_code(config) if manifest.trained_here else "",
            run_id=folder.id,
            made=figures.date(time.time(), zone),
        )
    )


def _no_answers(manifest: Manifest) -> str:
    """The key of the sentence on why there are no answers."""
    if manifest.has_network:
        return "report.no_answers"
    return "recording.no_network" if manifest.recorded else "logs.no_network"


def _settings(folder: RunFolder, manifest: Manifest) -> dict[str, Any]:
    """The table of the run's settings with its title; of a run from elsewhere, what is known of it."""
    if manifest.trained_here:
        return {"settings_title": say("report.settings"), "settings": facts.setting_rows(manifest.config)}
    if manifest.recorded:
        rows = facts.recorded_rows(manifest.recorded, manifest.config)
        return {"settings_title": say("recording.title"), "settings": rows}
    rows = facts.log_rows(manifest, manifest.logs, folder) if manifest.logs else []
    if manifest.model:
        rows += facts.model_rows(manifest.model, manifest.config)
    return {"settings_title": say("models.title" if manifest.model else "logs.title"), "settings": rows}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = lambda key, **values: say(f"report.{key}", **values)
    environment.globals |= {"language": language, "percent_sign": figures.percent_sign}
    environment.globals["fonts"] = lambda: say("language.fonts")
    environment.filters |= {"loss": figures.loss, "percent": figures.percent, "rate": figures.rate}
    return environment


def _notes(config: RunConfig, status: Status, epoch: int | None) -> list[str]:
    notes = [say(status.message)] if status.message else []
    if epoch is not None and status.best_epoch not in (None, epoch):
        notes.append(say("report.kept_other", epoch=epoch, kept=status.best_epoch))
    if config.validation == "test":
        notes.append(say("watch.optimistic"))
    return notes


def _charts(reader: CurveReader, epoch: int) -> list[dict[str, Any]]:
    epochs = [int(value) for value in reader.column("epoch")]
    charts = []
    for metric in ("loss", "accuracy"):
        lines = [
            line_chart.Line(say("curves.training"), "training", reader.column(metric)),
            line_chart.Line(say("curves.validation"), "validation", reader.column(f"val_{metric}")),
        ]
        drawn = [line for line in lines if any(value == value for value in line.values)]
        chart = line_chart.line_chart(epochs, drawn, marked=epoch, share=metric == "accuracy")
        if chart:
            title = say(f"watch.{metric}_axis")
            charts.append({"metric": metric, "title": title, "chart": chart, "lines": drawn})
    return charts


def _subject(answers: Answers | None, manifest: Manifest, status: Status, epoch: int, part: Part) -> str:
    # a model that was opened alone has one epoch, whatever its training had
    if answers and manifest.model and status.epoch == 1:
        return say("report.subject_of_model", count=f"{len(answers):,}", digits=say(f"report.part.{part}"))
    if answers:
        return say("report.subject", count=f"{len(answers):,}", digits=say(f"report.part.{part}"), epoch=epoch)
    return say("report.result") if status.test_accuracy is None else say("report.kept", epoch=status.best_epoch)


def _answered(answers: Answers, data: DataDescription) -> dict[str, Any]:
    matrix, classes = confusion_matrix(answers), data.classes
    return {
        # of more classes, a page has no room for a matrix in numbers
        "matrix": answered.matrix_rows(matrix, classes) if len(classes) <= MOST_COLUMNS else [],
        "pairs": answered.confused_pairs(matrix, classes) if len(classes) > MOST_COLUMNS else [],
        "classes": answered.class_rows(matrix, classes),
        "bins": answered.bins(answers),
    }


def _worst(answers: Answers | None, images: Bytes | None, data: DataDescription) -> dict[str, Any] | None:
    if answers is None or images is None or len(images) != len(answers):
        return None
    return answered.worst_images(answers, images, data)
