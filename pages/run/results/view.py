"""The fields of Results' link."""

from typing import Literal

from pages.state.view import AnswersView


class ResultsView(AnswersView, address="run", tab="results"):
    shares: bool = False
    section: Literal["classes", "calibration", "epochs"] = "classes"
