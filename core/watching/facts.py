"""What a program reports at the start of a training, and the settings of the run that it becomes."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self, get_args, get_type_hints

import numpy as np

from core.config.datasets import FEWEST_CLASSES, MOST_CLASSES, DataDescription
from core.config.layer_text import named
from core.config.network import PARAMETER_LIMIT, AnyNetwork, LayerList, OtherNetwork
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.models.description import NotOurLayers
from core.models.keras_file import image_shape
from core.models.keras_layers import KerasLayers, keras_layers
from core.runs.model_file import InputForm
from core.runs.recorded import NOT_KEPT, Recorded
from core.watching.picture_data import data_set_of, without_images
from core.watching.pictures import Pictures, classes_of, form_of, picture_shape, pictures, pixels

MOST_EPOCHS = 1_000
_LARGEST_BATCH = 60_000
_OTHER_LOSS = "mean_squared_error"
"""Stands for all losses other than a cross-entropy of classes, so that nothing is concluded from their size."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The start of a training, as `start.json` has it."""

    values: Mapping[str, Any]
    script: str

    @classmethod
    def read(cls, folder: Path, script: str) -> Self:
        """Raises OSError or ValueError."""
        return cls(json.loads((folder / "start.json").read_text(encoding="utf-8")), script)

    @property
    def began(self) -> float:
        return float(self.values["began"])

    @property
    def batch_size(self) -> int:
        return min(max(int(self.values["batch_size"] or 32), 1), _LARGEST_BATCH)

    @property
    def steps(self) -> int | None:
        """Batches in an epoch; None where it is not known before the first one has ended."""
        known, images = self.values["steps"], self.values["training_images"]
        return int(known) if known else math.ceil(images / self.batch_size) if images else None

    @property
    def training_images(self) -> int:
        """The number of images that the network learns from; by the batches where the program does not say it."""
        images = self.values["training_images"]
        if images and self.steps == math.ceil(images / self.batch_size):
            return int(images)
        return self.batch_size * (self.steps or 1)

    @property
    def recorded(self) -> Recorded:
        settings = {name: value for name, value in self.values["optimizer_settings"].items() if name in _SHOWN}
        rate = self.values["optimizer_settings"].get("learning_rate", self.values["learning_rate"])
        shown = ", ".join(f"{name} {_text(value)}" for name, value in settings.items() if value)
        environment = self.values["environment"]
        return Recorded(
            script=self.script,
            network=str(self.values["class"]),
            optimizer=f"{self.values['optimizer']} ({shown})" if shown else str(self.values["optimizer"]),
            learning_rate=_text(rate) if rate is not None else "",
            loss=str(self.values["loss"]),
            backend=f"{environment['backend']} {environment['backend_version']}".strip(),
        )

    @property
    def environment(self) -> dict[str, Any]:
        told = self.values["environment"]
        found = {"python": told["python"], "keras": told["keras"], "system": told["system"]}
        return found | ({"tensorflow": told["backend_version"]} if told["backend"] == "tensorflow" else {})


_SHOWN = ("momentum", "nesterov", "rho", "beta_1", "beta_2", "weight_decay", "clipnorm", "clipvalue", "use_ema")
"""The settings of an optimizer that are shown, apart from its rate."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a training is about: the settings of its run, and how its network is fed."""

    config: RunConfig
    has_images: bool
    """Whether its held-out images are kept, so that answers can be shown."""
    labels: np.ndarray | None
    """Of the held-out images, uint8 (n,)."""

    @property
    def is_list(self) -> bool:
        """Whether the network is a list of our layers, which can be computed here."""
        return isinstance(self.config.network, LayerList)


def subject(facts: Facts, folder: Path) -> Subject:
    """Read a training's images and network; raises OSError, and DigitLabError where its images cannot be kept."""
    described = _described(facts)
    held_out, trained_on = _pictures(folder / "held_out.npz"), None
    outputs = described.classes if described else 0
    if held_out is not None:
        trained_on = _alike(folder / "trained_on.npz", held_out)
        known = [held_out.labels, *([trained_on.labels] if trained_on else [])]
        classes = max(outputs, *(int(labels.max()) + 1 for labels in known), FEWEST_CLASSES)
        if classes > MOST_CLASSES:
            held_out = None
    training = facts.training_images
    if held_out is None:
        shape = described.input_shape if described else ()
        filled = tuple(side for side in shape if side is not None)
        form = form_of(None, filled) if len(filled) == len(shape) else None
        count = min(max(outputs, FEWEST_CLASSES), MOST_CLASSES)
        data = without_images(picture_shape(filled) if form else None, count, training)  # type: ignore[arg-type] # three sides
        return Subject(_configured(facts, NOT_KEPT, data, described, form), False, None)
    name, data = data_set_of(held_out, trained_on, classes, facts.script)
    data = replace(data, training=training)
    return Subject(_configured(facts, name, data, described, held_out.form), True, held_out.labels)


def _described(facts: Facts) -> KerasLayers | None:
    try:
        return keras_layers(json.loads(facts.values["model"]))
    except (DigitLabError, NotOurLayers, ValueError, TypeError):
        return None


def _pictures(path: Path) -> Pictures | None:
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as file:
        return pictures(file["inputs"], file["targets"])


def _alike(path: Path, held_out: Pictures) -> Pictures | None:
    """The training images that were kept, read as the held-out ones."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as file:
        inputs, labels = file["inputs"], classes_of(file["targets"])
    if labels is None or inputs.shape[1:] != held_out.form.shape:
        return None
    return Pictures(pixels(inputs, held_out.form), labels, held_out.form)


def _configured(
    facts: Facts, dataset: str, data: DataDescription, described: KerasLayers | None, form: InputForm | None
) -> RunConfig:
    values = facts.values
    given: dict[str, Any] = {
        "preset": "layers",
        "dataset": dataset,
        "data": data,
        "batch_size": facts.batch_size,
        "epochs": min(max(int(values["epochs"]), 1), MOST_EPOCHS),
        "validation": "test" if values["validates"] else "none",
        "loss": _known("loss", values["loss"], _OTHER_LOSS),
        "optimizer": _known("optimizer", str(values["optimizer"]).lower(), "sgd"),
    }
    rate = values["learning_rate"]
    if rate is not None and 1e-6 <= rate <= 10:
        # Keras has it in float32, which adds digits that nobody wrote
        given["learning_rate"] = float(f"{rate:.6g}")
    if described is not None and form is not None and described.classes == len(data.classes):
        try:
            # for our layers, images without channels have one
            before = replace(form, shape=image_shape(described, data.shape)).as_layers(data.shape)
            if before is None:
                raise NotOurLayers
            return RunConfig(network=LayerList(named([*before, *described.hidden])), **given)
        except (DigitLabError, NotOurLayers, TypeError, ValueError):
            # of the right kinds, but larger or deeper than ours may be
            pass
    other: AnyNetwork = OtherNetwork(min(int(values["parameters"]), PARAMETER_LIMIT))
    return RunConfig(network=other, **given)


def _known(name: Literal["loss", "optimizer"], value: str, otherwise: str) -> str:
    return value if value in get_args(get_type_hints(RunConfig)[name]) else otherwise


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
