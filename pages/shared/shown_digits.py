"""The digits shown to a network: its own test digits or others, and whether it learned from them."""

from dataclasses import dataclass

import streamlit as st

from core.config.datasets import dataset_title
from core.config.run import RunConfig
from core.data import datasets
from core.data.datasets import Dataset
from core.runs.entries import Run
from core.runs.exposure import Exposure, exposure
from core.runs.predictions import dataset_of
from core.text import say
from pages.shared.digit_images import digits_or_note
from pages.shared.fetching import fetch, wait_for
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset
from pages.widgets.note import note


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
    """The run's own test images if they are here, else other digits; None, with a note, until some are ready."""
    config = run.manifest.config
    own = dataset_of(config, "test")
    data = ready_digits(own) if config.data.takes_drawings else _fitting(config)
    return None if data is None else ShownDigits(data, exposure(run.manifest, data), data.name == own)


def _fitting(config: RunConfig) -> Dataset | None:
    """The run's own data set, the only one that surely fits its network; None, with a note, if it is not as it was."""
    data = digits_or_note(config.dataset)
    if data is None or (data.description.shape, data.description.classes) == (config.data.shape, config.data.classes):
        return data
    note(say("digit_images.others", name=plain_text(dataset_title(config.dataset))), icon="link_off")
    return None


def ready_digits(preferred: str = "mnist") -> Dataset | None:
    """The preferred data set if it is ready, else MNIST, else its sample.

    None, with a note, while the preferred one is about to be ready or none is.
    """
    states = {name: datasets.status(name).state for name in (preferred, "mnist", "mnist-5k")}
    # downloading MNIST may take minutes; its sample needs no network
    soon = states[preferred] == "local" or (preferred == "mnist-5k" and states[preferred] == "preparing")
    if not soon and (ready := next((name for name, state in states.items() if state == "ready"), None)):
        return dataset(ready)
    name = next((name for name, state in states.items() if state in ("local", "preparing")), "mnist-5k")
    wait_for(name, lambda _: _unavailable())
    return None


def _unavailable() -> None:
    with note(say("draw.no_digits"), icon="cloud_off"):
        st.button(say("note.retry"), key="data.retry", icon=":material/refresh:", on_click=fetch.clear)
