"""The fields of a sweep's link."""

from typing import Annotated

from core.config.rules import Choice
from pages.state.view import Text, View

FIGURES = ("history", "parallel", "slice", "contour", "importances", "intermediate", "pareto")


class SweepView(View, address="sweep"):
    sweep: Annotated[str, Text(100)] = ""
    figure: Annotated[str | None, Choice(FIGURES)] = None
    """None for the first that there is."""
    about: Annotated[str, Text(100)] = ""
    """The setting of a slice, or both settings of a contour, joined by a hyphen."""
