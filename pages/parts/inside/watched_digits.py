"""The test digits on which a network is watched."""

from core.digits import datasets
from core.runs.store import Run
from pages.parts.drawing_source import ready_digits
from pages.parts.resources import dataset


def watched_digits(run: Run) -> datasets.Dataset | None:
    """The data set with the run's own test digits where it is here, else another; None where there is none yet.

    Then it is told, and the page is drawn again once there are some.
    """
    assert run.manifest is not None
    name = run.manifest.config.dataset
    return dataset(datasets.TEST_DIGITS_OF.get(name, name)) or ready_digits()
