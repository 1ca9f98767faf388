"""Images test a network only if it neither learned from them nor chose its epoch by them."""

import numpy as np
import pytest

from core.config.datasets import BUILT_IN
from core.config.run import RunConfig
from core.data.datasets import DIGESTS, Dataset, load, split
from core.runs.exposure import exposure
from core.runs.manifest import Manifest
from core.runs.predictions import images_of
from tests.brought import bring
from tests.finished_models import lay_model


def trained(dataset, validation="last-20", **environment):
    config = RunConfig(dataset=dataset, validation=validation)
    return Manifest("run", 0.0, config=config, environment=environment)


def digits(name, digest=None):
    nothing = np.empty(0, np.uint8)
    return Dataset(
        name, digest or DIGESTS[name], "", nothing, nothing, nothing, nothing, BUILT_IN.get(name, BUILT_IN["mnist"])
    )


@pytest.mark.parametrize(
    ("own", "validation", "shown", "part", "expected"),
    [
        ("mnist", "last-20", "mnist", "test", "unseen"),
        ("mnist", "none", "mnist", "test", "unseen"),
        ("mnist", "test", "mnist", "test", "validated"),
        ("mnist", "last-20", "mnist", "validation", "validated"),
        ("mnist", "none", "mnist", "validation", "learned"),
        ("mnist", "test", "mnist", "validation", "learned"),
        ("mnist", "last-20", "mnist-5k", "test", "learned"),
        ("mnist", "none", "mnist-5k", "test", "learned"),
        ("handwriting", "none", "mnist-5k", "test", "learned"),
        ("handwriting", "last-20", "mnist-5k", "validation", "learned"),
        ("handwriting", "none", "mnist", "test", "unseen"),
        ("handwriting", "last-20", "mnist", "validation", "validated"),
        ("handwriting", "none", "mnist", "validation", "learned"),
        ("mnist-5k", "last-20", "mnist-5k", "test", "unseen"),
        ("mnist-5k", "last-20", "mnist-5k", "validation", "validated"),
        ("mnist-5k", "test", "mnist-5k", "test", "validated"),
        ("mnist-5k", "test", "mnist", "test", "unseen"),
        ("mnist-5k", "none", "mnist", "test", "unseen"),
        ("mnist-5k", "none", "mnist", "validation", "unseen"),
    ],
)
def test_exposure_follows_from_data_sets_and_validation(own, validation, shown, part, expected):
    assert exposure(trained(own, validation), digits(shown), part) == expected
    assert exposure(trained(own, validation, dataset_digest=DIGESTS[own]), digits(shown), part) == expected


def test_exposure_is_unknown_for_other_data_under_the_same_name():
    assert exposure(trained("mnist", dataset_digest="00"), digits("mnist")) == "unknown"
    assert exposure(trained("mnist", dataset_digest="00"), digits("mnist-5k")) == "unknown"
    assert exposure(trained("mnist-5k"), digits("mnist", digest="00")) == "unknown"
    # the run was trained on the same data, whatever these are
    assert exposure(trained("mnist", dataset_digest="00"), digits("mnist", digest="00")) == "unseen"


def test_exposure_of_a_network_from_a_file_is_unknown(tmp_path):
    manifest = lay_model(tmp_path, "net.keras").manifest()
    assert exposure(manifest, digits(manifest.config.dataset, manifest.data_digest)) == "unknown"


def test_of_brought_data_only_a_runs_own_parts_are_known(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path))
    own, other = bring(tmp_path, "scenes"), bring(tmp_path, "letters", classes=("a", "b"))
    run = trained("scenes")
    assert exposure(run, digits("scenes", own.digest), "test") == "unseen"
    assert exposure(run, digits("scenes", own.digest), "validation") == "validated"
    assert exposure(trained("scenes", "none"), digits("scenes", own.digest), "validation") == "learned"
    assert exposure(run, digits("scenes", "00"), "test") == "unknown"
    assert exposure(run, digits("letters", other.digest), "test") == "unknown"
    assert exposure(run, digits("mnist"), "test") == "unknown"
    assert exposure(trained("mnist"), digits("scenes", own.digest), "test") == "unknown"


@pytest.mark.mnist
def test_every_network_trained_on_mnist_learns_from_all_of_the_sample():
    mnist, sample = load("mnist"), load("mnist-5k")
    learned = {image.tobytes() for image in split(mnist, "last-20").train_images}
    for images in (sample.train_images, images_of(sample, "test")):
        assert all(image.tobytes() in learned for image in images)
    assert not learned & {image.tobytes() for image in mnist.test_images}
