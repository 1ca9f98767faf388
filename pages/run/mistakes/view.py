"""The fields of Mistakes' link."""

from typing import Annotated, Literal

from core.config.rules import Whole
from pages.state.view import AnswersView, AnyDigit, Text

Percent = Annotated[int, Whole(0, 100)]


class MistakesView(AnswersView, address="run", tab="mistakes"):
    show: Literal["mistakes", "labels", "table", "first"] = "mistakes"
    answers: Literal["wrong", "all"] = "wrong"
    low: Percent = 0
    high: Percent = 100
    sort: Literal["loss", "confidence", "margin", "index"] = "loss"
    page: Annotated[int, Whole(1, 10**6)] = 1
    digit: AnyDigit = None
    find: Annotated[str, Text()] = ""
    labels_of: Literal["evaluated", "training"] = "evaluated"
    first: Literal["10", "25"] = "25"
