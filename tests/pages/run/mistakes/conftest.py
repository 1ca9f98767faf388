"""The run of the tests of Mistakes."""

import pytest


@pytest.fixture
def folder(make_run):
    """A run with 100 mistakes in 1,000 digits."""
    return make_run("finished", errors={0: 90, 1: 30, 3: 10}, test_accuracy=0.9)
