"""The fields of a lesson's link."""

from typing import Annotated, Literal

from core.config.rules import Number, Whole
from pages.state.view import DatasetName, RunId, View

Lesson = Literal["pixels", "convolution", "pooling", "softmax", "descent", "step", "batch", "ladder"]


class LearnView(View, address="learn"):
    lesson: Lesson = "pixels"
    step: Annotated[int | None, Whole(0, 10**6)] = None
    example: Annotated[int, Whole(0, 9)] = 4
    detector: Literal["vertical", "edge", "blur", "sharpen", "learned"] = "vertical"
    filter: Annotated[int | None, Whole(1, 10**4)] = None
    result: Literal["sum", "relu"] = "sum"
    pool: Literal["max", "average"] = "max"
    case: Annotated[int, Whole(1, 8)] = 1
    run: RunId = ""
    rate: Annotated[float, Number(0.0001, 10, example=0.1)] = 0.1
    batch: Annotated[int, Whole(1, 60_000)] = 128
    network: Literal["mlp-512", "lenet-20-50", "cnn-16-36"] = "mlp-512"
    dataset: DatasetName = ""
    over: Literal["images", "updates"] = "images"
    passes: Annotated[int, Whole(1, 2)] = 2
