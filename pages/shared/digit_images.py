"""The images behind a run's predictions, or a note on what is missing and how to get it."""

import numpy as np

from core.analysis.answers import Answers
from core.array_types import Bytes
from core.config.datasets import dataset_title
from core.config.run import RunConfig
from core.data import datasets
from core.data.datasets import split
from core.runs.predictions import Part, dataset_of, images_of, labels_of
from core.text import say
from pages.shared.fetching import missing_data, wait_for
from pages.shared.run_header import Looked
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset
from pages.widgets.note import note


def digit_images(looked: Looked) -> Bytes | None:
    """Images uint8 (n, 28, 28) in the order of the predictions; None, with a note, while they are not available."""
    return images_for(looked.run.manifest.config, looked.part, looked.answers)


def ready_images(looked: Looked) -> Bytes | None:
    """The same without a note, for a part below one that has drawn it."""
    config, part = looked.run.manifest.config, looked.part
    data = dataset(dataset_of(config, part))
    if data is None or not np.array_equal(labels_of(data, part), looked.answers.labels):
        return None
    return images_of(data, part)


def images_for(config: RunConfig, part: Part, answers: Answers) -> Bytes | None:
    """The same for predictions of a run with these settings."""
    name = dataset_of(config, part)
    data = digits_or_note(name)
    if data is None:
        return None
    return _of_these(answers, images_of(data, part), labels_of(data, part), name)


def training_images(config: RunConfig, answers: Answers) -> Bytes | None:
    """The same for predictions of the digits that a run with these settings learns from."""
    data = digits_or_note(config.dataset)
    if data is None:
        return None
    parts = split(data, config.validation)
    return _of_these(answers, parts.train_images, parts.train_labels, config.dataset)


def _of_these(answers: Answers, images: Bytes, labels: Bytes, name: str) -> Bytes | None:
    if not np.array_equal(labels, answers.labels):
        note(say("digit_images.others", name=plain_text(dataset_title(name))), icon="link_off")
        return None
    return images


def digits_or_note(name: str) -> datasets.Dataset | None:
    """The data set of this name; None, with a note on how to get it, if it is not ready."""
    data = dataset(name)
    if data is None:
        missing = say("digit_images.missing", name=plain_text(dataset_title(name)))
        wait_for(name, lambda status: missing_data(name, status, missing))
    return data
