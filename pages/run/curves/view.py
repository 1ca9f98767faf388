"""The fields of Curves' link."""

from pages.state.view import RunView


class CurvesView(RunView, address="run", tab="curves"):
    pass
