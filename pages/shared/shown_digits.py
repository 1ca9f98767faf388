"""The digits shown to a network: its own test digits or others, and whether it learned from them."""

from dataclasses import dataclass

from core.data.datasets import Dataset
from core.runs.exposure import Exposure, exposure
from core.runs.predictions import dataset_of
from core.runs.store import Run
from core.text import say
from pages.shared.ready_digits import ready_digits


@dataclass(frozen=True, eq=False)
class ShownDigits:
    """The test digits of a data set, shown to one network."""

    data: Dataset
    exposure: Exposure
    own: bool
    """Whether the network's run predicted them after each epoch."""

    @property
    def kind(self) -> str:
        """What these digits are to the network, in the plural, for use within a sentence."""
        return say(f"exposure.digits.{self.exposure}")

    def counted(self, count: int) -> str:
        """This many of these digits, in words."""
        return say("exposure.counted", count=f"{count:,}", digits=self.kind)


def shown_digits(run: Run) -> ShownDigits | None:
    """The run's own test digits if they are on this machine, else others; None, with a note, until some are ready."""
    own = dataset_of(run.manifest.config, "test")
    data = ready_digits(own)
    return None if data is None else ShownDigits(data, exposure(run.manifest, data), data.name == own)
