"""What generators of images, data sets in batches and scikit-learn's transformers return."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.tutorials import arrays
from core.tutorials.keras_calls import KerasCalls
from core.tutorials.values import Array, Batches, Function, Made

PLAIN_FLOW = {"rescale", "data_format", "dtype", "validation_split"}
"""Arguments of a generator of images that change none of them by chance."""


class BatchCalls(KerasCalls):
    """Methods of what holds images and labels together."""

    def _transformed(self, owner: Made, array: Array) -> Array:
        if owner.name in ("LabelBinarizer", "OneHotEncoder"):
            return arrays.one_hot(array, None)
        if owner.name == "MinMaxScaler" and array.scale == 1 and array.offset == 0:
            return replace(array, scale=1 / 255)
        return array if owner.name == "LabelEncoder" else replace(array, scale=None, offset=None)

    def _flow(self, settings: Mapping[str, Any], given: Sequence[Any], named: Mapping[str, Any]) -> Batches:
        images = named.get("x", given[0] if given else None)
        labels = named.get("y", given[1] if len(given) > 1 else None)
        size = named.get("batch_size", given[2] if len(given) > 2 else 32)
        if isinstance(images, Array) and isinstance(settings.get("rescale"), int | float):
            images = arrays.scaled(images, "*", settings["rescale"])
        return Batches(images, labels, size, augmented=bool(settings.keys() - PLAIN_FLOW))

    def _batches_method(
        self, owner: Batches, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST
    ) -> Any:
        match name:
            case "batch":
                return replace(owner, batch_size=named.get("batch_size", given[0] if given else None))
            case "filter":
                return replace(owner, images=_some(owner.images, chosen=True))
            case "take" | "skip" if given and isinstance(given[0], int):
                return replace(owner, images=_taken(owner, name, given[0]))
            case "map" if given:
                function = given[0]
                pair = (owner.images, owner.labels)
                found = None
                if isinstance(function, Function):
                    found = self.call(function, pair if owner.labels is not None else pair[:1], {}, node)
                if isinstance(found, Array) and owner.labels is None:
                    return replace(owner, images=found)
                if isinstance(found, tuple) and len(found) == 2:
                    return replace(owner, images=found[0], labels=found[1])
                return replace(owner, images=_unscaled(owner.images))
        return owner


def _some(images: Any, **changes: Any) -> Any:
    return replace(images, **changes) if isinstance(images, Array) else images


def _taken(owner: Batches, name: str, count: int) -> Any:
    """The images of the first batches of a data set, or of those after them; single images before `batch`."""
    images = owner.images
    if not isinstance(images, Array) or images.shape[0] is None or count < 0:
        return images
    first = min(count * (owner.batch_size if isinstance(owner.batch_size, int) else 1), images.shape[0])
    return replace(images, shape=(first if name == "take" else images.shape[0] - first, *images.shape[1:]))


def _unscaled(images: Any) -> Any:
    return replace(images, scale=None, offset=None) if isinstance(images, Array) else images
