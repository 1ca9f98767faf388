"""The fields of Draw's link."""

from typing import Annotated

from core.config.rules import Whole
from pages.state.drawing import SourceView
from pages.state.view import Epoch, RunId, RunIds


class DrawView(SourceView, address="draw"):
    index: Annotated[int, Whole(0, 10**6)] = 0
    model: RunId = ""
    model_epoch: Epoch = "best"
    others: RunIds = "auto"
