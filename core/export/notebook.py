"""A run as a Jupyter notebook that trains it again and shows its mistakes, without Digit Lab.

Written in version 4.5 of the format by hand: nbformat.readthedocs.io/en/latest/format_description.html.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from core import formatting as figures
from core.config.datasets import BUILT_IN, dataset_title, digest_here
from core.config.keras_script import export_command, keras_sections
from core.config.run import RunConfig
from core.config.setting_table import setting_table
from core.runs.manifest import Manifest
from core.runs.status import Status
from core.text import Message, one_line, say

_IN_KERAS = frozenset({"mnist", "mnist-5k"})
"""The data sets that can be made from what Keras downloads."""

_CURVES = """\
history = model.history.history
epochs = range(1, len(history["loss"]) + 1)
figure, axes = plt.subplots(1, 2, figsize=(12, 4))
for axis, name in zip(axes, ("loss", "accuracy")):
    axis.plot(epochs, history[name], "o-", label="Training")
    if f"val_{name}" in history:
        axis.plot(epochs, history[f"val_{name}"], "s--", label="Validation")
    axis.set(xlabel="Epoch", ylabel=name.capitalize())
    axis.legend()
plt.show()
"""
_MATRIX = """\
probabilities = model.predict(x_test, batch_size=500, verbose=0)
predicted = probabilities.argmax(axis=1)
matrix = np.zeros(({classes}, {classes}), dtype=int)
np.add.at(matrix, (y_test, predicted), 1)

figure, axis = plt.subplots(figsize=(7, 7))
axis.imshow(np.where(np.eye({classes}), 0, matrix), cmap="Reds")
"""
_COUNTS = """\
for true, read in np.ndindex({classes}, {classes}):
    axis.text(read, true, matrix[true, read], ha="center", va="center")
"""
_MOST_COUNTS = 20
"""The most classes for which a cell has room for its number."""
_AXES = """\
axis.set(xticks=range({classes}), yticks=range({classes}), xlabel="Predicted", ylabel="True")
"""
_NAMES = """\
axis.set_xticklabels(classes, rotation=90)
axis.set_yticklabels(classes)
"""
_SHOW = """\
plt.show()
"""
_MISTAKES = """\
wrong = np.flatnonzero(predicted != y_test)
print(f"{misclassified}")

confidence = probabilities.max(axis=1)
most_confident = wrong[np.argsort(-confidence[wrong])][:24]
figure, axes = plt.subplots(3, 8, figsize=(12, 5))
for axis in axes.flat:
    axis.axis("off")
for axis, place in zip(axes.flat, most_confident):
    {picture}
    axis.set_title(f"{label} → {prediction}, {{confidence[place]:.0%}}")
plt.show()
"""


_WIDTH = 78
"""Characters of a line of code, after the name that a list is given."""


class _Cell(NamedTuple):
    id: str
    kind: str
    source: str


def notebook(name: str, manifest: Manifest, status: Status) -> bytes:
    """The notebook of a run, as UTF-8; it needs Keras with TensorFlow, NumPy and Matplotlib."""
    cells: list[dict[str, Any]] = [
        {
            "id": cell.id,
            "cell_type": cell.kind,
            "metadata": {},
            "source": cell.source.splitlines(keepends=True),
            **({"execution_count": None, "outputs": []} if cell.kind == "code" else {}),
        }
        for cell in _cells(name, manifest, status)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def missing_data(config: RunConfig, environment: Mapping[str, Any], *, here: bool) -> Message | None:
    """What the notebook lacks to train on the run's own digits, or None; `here` is whether this machine has them."""
    name, here_now = dataset_title(config.dataset), digest_here(config.dataset)
    if here_now is not None and environment.get("dataset_digest", config.data.digest) != here_now:
        return Message("notebook.other_digits", name=name)
    if config.dataset in _IN_KERAS:
        return None
    command = export_command(config.dataset)
    if here:
        return Message("notebook.not_in_keras", name=name, file=f"{config.dataset}.npz", command=command)
    return Message("notebook.gone", name=name, file=f"{config.dataset}.npz", command=command)


def _cells(name: str, manifest: Manifest, status: Status) -> Iterator[_Cell]:
    config = manifest.config
    code = keras_sections(config)
    missing = missing_data(config, manifest.environment, here=True)
    yield _Cell("title", "markdown", say("notebook.title", name=_literal(name), dataset=_dataset(config)))
    yield _Cell("about-settings", "markdown", say("notebook.settings", table=_table(config)))
    yield _Cell("settings", "code", code["settings"])
    about_data = _about_data(config)
    yield _Cell("about-data", "markdown", f"{about_data}\n\n**{say(missing)}**" if missing else about_data)
    yield _Cell("data", "code", code["data"])
    about_network = say("notebook.network", parameters=f"{config.parameters:,}", classes=len(config.data.classes))
    yield _Cell("about-network", "markdown", about_network)
    yield _Cell("network", "code", code["network"])
    yield _Cell("about-training", "markdown", _about_training(config, forked=manifest.origin is not None))
    yield _Cell("training", "code", code["training"])
    yield _Cell("curves", "code", _CURVES.rstrip())
    yield _Cell("about-evaluation", "markdown", _about_evaluation(config, status))
    yield _Cell("evaluation", "code", code["evaluation"])
    yield _Cell("about-matrix", "markdown", say("notebook.matrix"))
    yield _Cell("matrix", "code", _matrix(config))
    yield _Cell("about-mistakes", "markdown", say("notebook.mistakes"))
    yield _Cell("mistakes", "code", _mistakes(config))


def _about_data(config: RunConfig) -> str:
    if config.dataset in BUILT_IN:
        return say(f"notebook.data.{config.dataset}")
    data = config.data
    return say(
        "notebook.data.brought",
        name=_literal(say(dataset_title(config.dataset))),
        training=f"{data.training:,}",
        test=f"{data.test:,}",
        shape="×".join(map(str, data.shape)),
        classes=len(data.classes),
    )


def _matrix(config: RunConfig) -> str:
    data = config.data
    parts = [_MATRIX, *([_COUNTS] if len(data.classes) <= _MOST_COUNTS else []), _AXES]
    if not data.is_digits:
        parts = [f"classes = {_list(data.classes)}\n\n", *parts, _NAMES]
    return "".join([*parts, _SHOW]).replace("{classes}", str(len(data.classes))).rstrip()


def _mistakes(config: RunConfig) -> str:
    gray = config.data.shape[2] == 1
    texts = {
        "{misclassified}": say("notebook.misclassified", wrong="{len(wrong):,}", count="{len(y_test):,}"),
        "{picture}": 'axis.imshow(x_test[place, :, :, 0], cmap="gray_r")'
        if config.data.is_digits
        else 'axis.imshow(x_test[place, :, :, 0], cmap="gray")'
        if gray
        else "axis.imshow(x_test[place])",
        "{label}": "{y_test[place]}" if config.data.is_digits else "{classes[y_test[place]]}",
        "{prediction}": "{predicted[place]}" if config.data.is_digits else "{classes[predicted[place]]}",
        "{{": "{",
        "}}": "}",
    }
    code = _MISTAKES
    for field, text in texts.items():
        code = code.replace(field, text)
    return code.rstrip()


def _list(names: Sequence[str]) -> str:
    """A list of texts as `ruff format` writes it: on one line, else one per line."""
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    line = f"[{', '.join(quoted)}]"
    return line if len(line) <= _WIDTH else "".join(["[\n", *(f"    {each},\n" for each in quoted), "]"])


def _about_training(config: RunConfig, *, forked: bool) -> str:
    text = say(
        "notebook.training",
        images=f"{config.training_images:,}",
        updates=f"{config.updates_per_epoch:,}",
        epochs=config.epochs,
    )
    return f"{text}\n\n{say('notebook.forked')}" if forked else text


def _about_evaluation(config: RunConfig, status: Status) -> str:
    text = say("notebook.evaluation")
    if config.validation == "test":
        text = f"{text}\n\n{say('notebook.optimistic')}"
    if status.test_accuracy is None:
        return text
    recorded = say("notebook.recorded", accuracy=figures.percent(status.test_accuracy), epoch=status.best_epoch or 0)
    return f"{text}\n\n{recorded}"


def _table(config: RunConfig) -> str:
    """The settings that have an effect, as a Markdown table; those that differ from the preset are bold."""
    lines = [f"| {say('notebook.setting')} | {say('notebook.value')} |", "|---|---|"]
    for setting in setting_table(config):
        if setting.used:
            lines.append(f"| {setting.label} | {f'**{setting.value}**' if setting.changed else setting.value} |")
    return "\n".join(lines)


def _dataset(config: RunConfig) -> str:
    return say(dataset_title(config.dataset))


def _literal(text: str) -> str:
    """A name from anyone, escaped so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~$&])", r"\\\1", one_line(text))
