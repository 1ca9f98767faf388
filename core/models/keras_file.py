"""A Keras model's files, read without Keras: what it consists of, and its weights.

A `.keras` file is unpacked before: `config.json` and `model.weights.h5` in one folder. An `.h5` file has both in one.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.config.layer import LayerDoesNotFit, Shape
from core.config.layers import layer_table
from core.config.network import PARAMETER_LIMIT
from core.errors import UnreadableRun
from core.models.check_hdf5 import check_model
from core.models.description import Described, NotOurLayers
from core.models.keras_layers import KerasLayers, Source, fitted, misfit, too_large
from core.models.layer_translation import Arrays
from core.runs.weight_arrays import file_reader

MODEL_H5 = "model.h5"
CONFIG, WEIGHTS = "config.json", "model.weights.h5"
_LONGEST_CONFIG = 4_000_000
_USUAL: Shape = (28, 28, 1)
"""Stands for the sides that a model leaves open, while its data is not known."""
_CONTAINERS = ("layers", "_layer_checkpoint_dependencies")
"""The groups of a `.keras` file's layers, in Keras 3 and before."""


def description_of(folder: Path) -> Mapping[str, Any]:
    """The JSON that describes the model; raises UnreadableRun for anything but plain arrays and texts in its files."""
    try:
        text = _config_of_h5(folder / MODEL_H5) if (folder / MODEL_H5).is_file() else _config_of_keras(folder)
        found = json.loads(text)
    except (OSError, ValueError, RecursionError):
        raise UnreadableRun("models.no_description") from None
    if not isinstance(found, dict):
        raise UnreadableRun("models.no_description")
    return found


def image_shape(model: KerasLayers, usual: Shape = _USUAL) -> Shape:
    """The images that its layers get, as our layers describe them, with sides of any length as in `usual`.

    Raises NotOurLayers for inputs of other dimensions.
    """
    shape = model.input_shape
    if len(shape) == 2:
        # Flatten and Reshape see the same values with a channel and without
        shape = (*shape, 1)
    if len(shape) == 3:
        return tuple(side or length for side, length in zip(shape, usual, strict=True))
    if len(shape) != 1 or shape[0] is None:
        raise NotOurLayers
    return (shape[0],)


def weights_of(folder: Path, model: KerasLayers, shape: Shape) -> list[Arrays]:
    """The weights of each source in our order and shapes, for images of this shape.

    Raises UnreadableRun where they are not the model's, or its layers do not fit such images.
    """
    try:
        table = layer_table([source.layer for source in model.sources], shape)
    except LayerDoesNotFit as error:
        raise misfit(error) from None
    if (parameters := sum(row.parameters for row in table)) > PARAMETER_LIMIT:
        raise too_large(parameters)
    stored = stored_arrays(folder, model.sources)
    return [
        fitted(source, arrays, row.weights) for source, arrays, row in zip(model.sources, stored, table, strict=True)
    ]


def stored_arrays(folder: Path, layers: Sequence[Source | Described]) -> list[Arrays]:
    """The arrays of these layers as the file has them; raises UnreadableRun for a file with anything else."""
    path = folder / MODEL_H5 if (folder / MODEL_H5).is_file() else folder / WEIGHTS
    check_model(path)
    with file_reader(path) as file:
        # Keras 3 writes weights alone as in a `.keras`, Keras 2 as in an `.h5`
        is_h5 = path.name == MODEL_H5 and not any(name in file for name in _CONTAINERS)
        return _stored_h5(file, layers) if is_h5 else _stored_keras(file, layers)


def _config_of_keras(folder: Path) -> str:
    path = folder / CONFIG
    if path.stat().st_size > _LONGEST_CONFIG:
        raise ValueError("it is too long")
    return path.read_text(encoding="utf-8")


def _config_of_h5(path: Path) -> str:
    check_model(path)
    with file_reader(path) as file:
        if "model_config" not in file.attrs:
            # a file of weights alone, or of anything else
            raise UnreadableRun("models.only_weights")
        text = file.attrs["model_config"]
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    if not isinstance(text, str) or len(text) > _LONGEST_CONFIG:
        raise ValueError("it is no text")
    return text


def _stored_keras(file: Any, sources: Sequence[Source | Described]) -> list[Arrays]:
    container = next((name for name in _CONTAINERS if name in file), None)
    found = []
    for source in sources:
        places = [each.place for each in (*source.within, source)]
        place = "/".join(f"{container}/{each}" for each in places) + "/vars"
        group = file[place] if container and place in file else {}
        found.append([np.asarray(group[str(number)][()]) for number in range(len(group)) if str(number) in group])
    return found


def _stored_h5(file: Any, sources: Sequence[Source | Described]) -> list[Arrays]:
    groups = file.get("model_weights", file)
    found = []
    for source in sources:
        # a model that is part of another has the weights of all of its layers in one group
        group = groups.get(source.within[0].name if source.within else source.name)
        names = [] if group is None else [_text(name) for name in group.attrs.get("weight_names", ())]
        if source.within:
            names = [name for name in names if name.split("/")[-2:-1] == [source.name]]
        if any(name not in group for name in names):
            raise UnreadableRun("models.other_weights", layer=source.name)
        found.append([np.asarray(group[name][()]) for name in names])
    return found


def _text(name: Any) -> str:
    return name.decode("utf-8", errors="replace") if isinstance(name, bytes) else str(name)
