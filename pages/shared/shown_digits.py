"""The digits that a network is watched on: its own test digits, or others, and what the network knows of them."""

from dataclasses import dataclass

from core.data.datasets import Dataset
from core.runs.exposure import Exposure, exposure
from core.runs.predictions import dataset_of
from core.runs.store import Run
from core.text import say
from pages.shared.ready_digits import ready_digits


@dataclass(frozen=True, eq=False)
class ShownDigits:
    """The test images of a data set, before one network."""

    data: Dataset
    exposure: Exposure
    own: bool
    """Whether the network's run answered them after each epoch."""

    @property
    def kind(self) -> str:
        """What these images are to the network, in the plural and within a sentence."""
        return say(f"exposure.digits.{self.exposure}")

    def counted(self, count: int) -> str:
        """So many of these images, in words."""
        return say("exposure.counted", count=f"{count:,}", digits=self.kind)


def shown_digits(run: Run) -> ShownDigits | None:
    """The run's own test digits where they are here, else others; None until some are ready, which the page says."""
    own = dataset_of(run.manifest.config, "test")
    data = ready_digits(own)
    return None if data is None else ShownDigits(data, exposure(run.manifest, data), data.name == own)
