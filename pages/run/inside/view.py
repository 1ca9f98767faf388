"""The fields of Inside's link."""

from typing import Annotated, Literal

from core.config.rules import Whole
from pages.state.view import AnyDigit, Epoch, RunIds, RunView, Text

Position = Annotated[int | None, Whole(0, 511)]


class InsideView(RunView, address="run", tab="inside"):
    epoch: Epoch = "best"
    subject: Literal["test", "mistake", "drawing"] = "test"
    digit: AnyDigit = None
    part: Literal["layers", "convolution", "pooling", "output", "occlusion", "weights", "map"] = "layers"
    layer: Annotated[str, Text(40)] = ""
    map: Annotated[int, Whole(0, 10**5)] = 0
    row: Position = None
    column: Position = None
    kernel: Annotated[str, Text()] = "learned"
    padding: Literal["own", "same", "valid"] = "own"
    change: Literal["shift", "rotation", "thickness", "noise"] = "shift"
    patch: Annotated[int, Whole(2, 14)] = 6
    order: Literal["strength", "number"] = "strength"
    projection: Literal["pca", "tsne"] = "pca"
    runs: RunIds = ""
