"""Look inside on a shipped run, and what its network computes for the shown digit."""

import json
import time
from functools import cache

import numpy as np
import pytest

from core.data import datasets
from core.inference.classifier import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import weights_by_layer

RUN = "cnn-16-36-5k"
FOLDER = RunFolder(SHIPPED_DIR / RUN)
DIGIT = 8


@pytest.fixture
def inside(app):
    """Opens Look inside at a digit of a shipped run, and waits for what is computed in the background."""
    datasets.load("mnist-5k")

    def open_part(run=RUN, **parameters):
        shown_digits(run)
        return settled(app("inside", **{"run": run, "digit": DIGIT, **parameters}))

    return open_part


def settled(test, kind="skeleton"):
    """The page once it shows no element of this kind."""
    deadline = time.monotonic() + 60
    while test.get(kind):
        assert time.monotonic() < deadline
        test.run()
    assert not test.exception
    return test


@cache
def shown_digits(run=RUN):
    """The data set shown to a run's network: its own test digits, or the sample on a machine without MNIST."""
    available = datasets.status("mnist").state in ("ready", "local")
    return datasets.load("mnist" if available and run != RUN else "mnist-5k")


def shown_digit(run=RUN):
    """The digit's image, float32 in 0..1, and its label."""
    data = shown_digits(run)
    return data.test_images[DIGIT].astype(np.float32) / np.float32(255), int(data.test_labels[DIGIT])


@cache
def network(run=RUN):
    """A run's classifier, its weights, and its outputs for the shown digit, by layer."""
    folder = RunFolder(SHIPPED_DIR / run)
    classifier = load(folder)
    weights = weights_by_layer(folder.weights(classifier.epoch), classifier.table)
    return classifier, weights, classifier.activations(shown_digit(run)[0])


def sent(test, key):
    """What a component was sent."""
    (element,) = (element for element in test.get("bidi_component") if element.key == key)
    return json.loads(element.proto.json)


def numbers(test, name):
    """The numbers of a table."""
    return np.array(
        [[float(text.replace("−", "-")) for text in line] for line in sent(test, f"inside.{name}")["texts"]]
    )


def frame(test, place=0):
    """The upper left corner of the frame in a chart, as row and column."""
    (shape,) = json.loads(test.get("plotly_chart")[place].proto.spec)["layout"]["shapes"]
    return shape["y0"] + 0.5, shape["x0"] + 0.5
