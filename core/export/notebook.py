"""A run as a Jupyter notebook that trains it again and shows its mistakes, without Digit Lab.

Written in version 4.5 of the format by hand: nbformat.readthedocs.io/en/latest/format_description.html.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from core import formatting as figures
from core.config.datasets import dataset_title
from core.config.keras_script import keras_sections
from core.config.run import RunConfig
from core.config.setting_table import setting_table
from core.data.datasets import DIGESTS
from core.runs.folder import Manifest
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
matrix = np.zeros((10, 10), dtype=int)
np.add.at(matrix, (y_test, predicted), 1)

figure, axis = plt.subplots(figsize=(7, 7))
axis.imshow(np.where(np.eye(10), 0, matrix), cmap="Reds")
for true, read in np.ndindex(10, 10):
    axis.text(read, true, matrix[true, read], ha="center", va="center")
axis.set(xticks=range(10), yticks=range(10), xlabel="Predicted", ylabel="True")
plt.show()
"""
_MISTAKES = """\
wrong = np.flatnonzero(predicted != y_test)
print(f"{len(wrong):,} of {len(y_test):,} test digits are misclassified")

confidence = probabilities.max(axis=1)
most_confident = wrong[np.argsort(-confidence[wrong])][:24]
figure, axes = plt.subplots(3, 8, figsize=(12, 5))
for axis in axes.flat:
    axis.axis("off")
for axis, place in zip(axes.flat, most_confident):
    axis.imshow(x_test[place, :, :, 0], cmap="gray_r")
    axis.set_title(f"{y_test[place]} → {predicted[place]}, {confidence[place]:.0%}")
plt.show()
"""


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
    name = dataset_title(config.dataset)
    if environment.get("dataset_digest", DIGESTS[config.dataset]) != DIGESTS[config.dataset]:
        return Message("notebook.other_digits", name=name)
    if config.dataset in _IN_KERAS:
        return None
    command = f"python -m core.data {config.dataset} --npz {config.dataset}.npz"
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
    about_data = say(f"notebook.data.{config.dataset}")
    yield _Cell("about-data", "markdown", f"{about_data}\n\n**{say(missing)}**" if missing else about_data)
    yield _Cell("data", "code", code["data"])
    yield _Cell("about-network", "markdown", say("notebook.network", parameters=f"{config.parameters:,}"))
    yield _Cell("network", "code", code["network"])
    yield _Cell("about-training", "markdown", _about_training(config, forked=manifest.origin is not None))
    yield _Cell("training", "code", code["training"])
    yield _Cell("curves", "code", _CURVES.rstrip())
    yield _Cell("about-evaluation", "markdown", _about_evaluation(config, status))
    yield _Cell("evaluation", "code", code["evaluation"])
    yield _Cell("about-matrix", "markdown", say("notebook.matrix"))
    yield _Cell("matrix", "code", _MATRIX.rstrip())
    yield _Cell("about-mistakes", "markdown", say("notebook.mistakes"))
    yield _Cell("mistakes", "code", _MISTAKES.rstrip())


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
