"""The fields of Results' link."""

from typing import Literal

from pages.state.view import AnswersView


class ResultsView(AnswersView, address="run", tab="results"):
    shares: bool = False
    similar: bool = False
    """Whether classes that are confused with each other stand side by side."""
    section: Literal["classes", "calibration", "epochs"] = "classes"
