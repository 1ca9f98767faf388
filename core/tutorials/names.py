"""Keras's names of every version, and what a misspelt one means."""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

_KERAS = re.compile(
    r"(?:tensorflow\.(?:compat\.v[12]\.)?(?:python\.|contrib\.)?(?:keras\.python\.)?|tf_)?keras"
    r"(?:\.api|\._v[12]|\._tf_keras|\.src|\.keras)*(?:\.(.+))?"
)
_TENSORFLOW = re.compile(r"tensorflow\.((?:losses|optimizers|metrics|initializers)\..+)")

ALIASES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Deconvolution2D": "Conv2DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
    "SeparableConvolution1D": "SeparableConv1D",
    "DepthwiseConvolution2D": "DepthwiseConv2D",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
}
"""Older and shorter names of layers, to the one under which Keras 3 prints them."""

MERGES = {"add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract"}
"""The functions of `keras.layers` that join branches."""

DATASETS = ("mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "boston_housing", "california_housing")


@cache
def tables() -> Mapping[str, Any]:
    """Keras 3's constructors: kind of object, class, parameter, and its default and whether `get_config` has it."""
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name("keras_3.json").read_text(encoding="utf-8"))
    return found


def constructor(kind: str, name: str) -> Mapping[str, Mapping[str, Any]] | None:
    """The parameters of a class of Keras 3, or None."""
    found: Mapping[str, Mapping[str, Any]] | None = tables()[kind].get(name)
    return found


def keras_path(path: str) -> str | None:
    """The path within Keras, whichever way Keras was imported: `layers.Dense`; None outside Keras."""
    if found := _KERAS.fullmatch(path):
        return found[1] or ""
    found = _TENSORFLOW.fullmatch(path)
    return found[1] if found else None


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one most likely means, or None."""
    known = list(known)
    by_case = {name.lower(): name for name in known}
    if word.lower() in by_case:
        return by_case[word.lower()]
    # two letters swapped
    swapped = [name for name in known if len(name) > 3 and sorted(name.lower()) == sorted(word.lower())]
    if swapped:
        return swapped[0]
    close = get_close_matches(word.lower(), by_case, n=1, cutoff=0.8) if len(word) > 2 else []
    return by_case[close[0]] if close and abs(len(close[0]) - len(word)) <= 2 else None


def layer_name(name: str) -> str | None:
    """The name of a layer as Keras 3 prints it, or None if Keras 3 has no such layer."""
    name = ALIASES.get(name, name)
    return name if name in tables()["layers"] else None


USUAL = {
    "np": "numpy",
    "plt": "matplotlib.pyplot",
    "pd": "pandas",
    "tf": "tensorflow",
    "keras": "keras",
    "K": "keras.backend",
    "np_utils": "keras.utils",
    **{
        name: f"keras.{name}" for name in ("layers", "models", "optimizers", "datasets", "utils", "losses", "callbacks")
    },
}
"""Modules by the names under which scripts import them, for one that forgets to."""


def home(name: str) -> str:
    """The module of Keras 3 that a name is imported from."""
    if name in DATASETS:
        return "keras.datasets"
    if name == "ImageDataGenerator":
        return "tensorflow.keras.preprocessing.image"
    return next((f"keras.{module}" for module, names in tables()["names"].items() if name in names), "keras.layers")


@cache
def known_names() -> frozenset[str]:
    """The names that a script may import from Keras, to compare a misspelt one with."""
    public = (name for names in tables()["names"].values() for name in names)
    return frozenset({*public, *ALIASES, *DATASETS, "ImageDataGenerator"})
