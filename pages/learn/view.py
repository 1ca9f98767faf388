"""The fields of Learn's link."""

from typing import Annotated, Literal

from core.config.rules import Number, Whole
from pages.state.view import DatasetName, RunId, View


class LearnView(View, address="learn"):
    lesson: Literal["descent", "step", "batch", "ladder"] = "descent"
    run: RunId = ""
    step: Annotated[int | None, Whole(0, 10**6)] = None
    rate: Annotated[float, Number(0.0001, 10, example=0.1)] = 0.1
    batch: Annotated[int, Whole(1, 60_000)] = 128
    network: Literal["mlp-512", "lenet-20-50", "cnn-16-36"] = "mlp-512"
    dataset: DatasetName = ""
    passes: Annotated[int, Whole(1, 2)] = 2
