"""How much is tried: what CI has time for, or with --slow far more; and what is tried twice."""

import os
import sys

import pytest
from hypothesis import settings

# a machine that is busy is no fault
settings.register_profile("digit-lab", deadline=None)
settings.load_profile("digit-lab")


SECOND_TRY = ("browser", "alone")
"""Marks of tests that a busy machine can come between: run once more, and the summary tells. Killed processes and full
disks are not among them: what they harm once in fifty times is harmed."""


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="try more often, and run the tests marked soak")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.get_closest_marker("soak") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="It takes many minutes: run pytest --slow."))
        if item.get_closest_marker("mnist") and not os.environ.get("DIGIT_LAB_MNIST"):
            item.add_marker(pytest.mark.skip(reason="DIGIT_LAB_MNIST is not set."))
        if any(map(item.get_closest_marker, SECOND_TRY)):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def times(request):
    """The first number as a rule, the second with --slow."""
    return lambda usual, slow: slow if request.config.getoption("--slow") else usual


@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """Every test leaves the main module as it was: a page that is run stays in its place, and no process is spawned."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
