"""A run's network answers at the requested epoch, or the error says why it cannot."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import h5py
import numpy as np
import pytest

from core.data.datasets import load as load_digits
from core.errors import UnreadableRun
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.kept_model import kept_model

BEST = 15


@pytest.fixture
def folder(tmp_path):
    """A run with only the weights of its best epoch, and its model as the worker writes it."""
    kept = ("run.json", "status.json", "network.tflite")
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    for name in (*kept, f"checkpoints/epoch-{BEST:04d}.weights.h5"):
        shutil.copyfile(SHIPPED_DIR / "cnn-16-36" / name, tmp_path / "run" / name)
    (tmp_path / "run" / "model.tflite").write_bytes(kept_model())
    return RunFolder(tmp_path / "run")


@pytest.fixture(scope="module")
def digits():
    data = load_digits("mnist-5k")
    return np.asarray(data.test_images, np.float32) / 255, np.asarray(data.test_labels)


def change_config(folder, **settings):
    path = folder.path / "run.json"
    values = json.loads(path.read_text())
    values["config"] |= settings
    path.write_text(json.dumps(values))


def test_most_digits_are_classified_correctly(folder, digits):
    images, labels = digits
    classifier = load(folder)
    shares = classifier.probabilities(images)
    assert (shares.dtype, shares.shape, classifier.epoch) == (np.float32, (1000, 10), BEST)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert (shares.argmax(axis=1) == labels).mean() > 0.98


def test_single_images_and_batches_give_the_same_answers(folder, digits):
    images = digits[0][:100]
    classifier = load(folder)
    single = np.concatenate([classifier.probabilities(image[None]) for image in images])
    np.testing.assert_allclose(single, classifier.probabilities(images), atol=1e-5)
    assert classifier.probabilities(images[:0]).shape == (0, 10)


def test_activations_follow_the_order_of_the_layer_table(folder, digits):
    layers = load(folder).activations(digits[0][0])
    table = folder.manifest().config.layer_table
    assert [(name, values.shape) for name, values in layers.items()] == [
        (row.layer.name, row.output_shape) for row in table
    ]
    np.testing.assert_allclose(layers["output"], load(folder).probabilities(digits[0][:1])[0], atol=1e-6)


def test_concurrent_threads_get_their_own_answers(folder, digits):
    classifier, images = load(folder), digits[0][:40]
    expected = classifier.probabilities(images)

    def ask(number):
        index = number % len(images)
        return np.abs(classifier.probabilities(images[index : index + 1])[0] - expected[index]).max()

    with ThreadPoolExecutor(8) as threads:
        assert max(threads.map(ask, range(400))) < 1e-5


@pytest.mark.parametrize("gone", ["network.tflite", "model.tflite", f"checkpoints/epoch-{BEST:04d}.weights.h5"])
@pytest.mark.parametrize("how", ["missing", "cut", "other bytes"])
def test_the_best_epoch_can_be_loaded_from_either_file(folder, digits, gone, how):
    images = digits[0][:70]
    expected = load(folder).probabilities(images)
    path = folder.path / gone
    content = path.read_bytes()
    path.unlink()
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "other bytes":
        path.write_bytes(b"not a network")
    np.testing.assert_allclose(load(folder).probabilities(images), expected, atol=1e-5)


@pytest.mark.parametrize("epoch", ["last", 3, -1, 21])
def test_an_epoch_without_weights_is_reported(folder, epoch):
    with pytest.raises(UnreadableRun, match="were not kept"):
        load(folder, epoch)


def test_an_unfinished_run_uses_only_its_weights(folder):
    values = json.loads((folder.path / "status.json").read_text())
    (folder.path / "status.json").write_text(json.dumps(values | {"state": "interrupted"}))
    (folder.path / "network.tflite").unlink()
    with pytest.raises(UnreadableRun, match=r"network\.tflite is missing"):
        load(folder)


def damage(folder, settings=None, weights=None):
    """Leaves only the weights to answer, and changes them or what the run says about its network."""
    (folder.path / "model.tflite").unlink()
    if settings:
        change_config(folder, **settings)
    if weights:
        with h5py.File(folder.weights(BEST), "r+") as file:
            weights(file)


def forget(file):
    del file["layers/conv2d_1/vars/1"]


def reshape(file):
    del file["layers/dense_1/vars/0"]
    file["layers/dense_1/vars/0"] = np.zeros((128, 11), np.float32)


def spoil(file):
    file["layers/dense/vars/1"][3] = np.nan


def letters(file):
    del file["layers/dense/vars/1"]
    file["layers/dense/vars/1"] = [b"a"] * 128


@pytest.mark.parametrize(
    ("settings", "weights", "word"),
    [
        ({"blocks": ["16@5-same-max"]}, None, "another network"),
        ({"dense_units": [64]}, None, "another network"),
        ({"batch_normalization": True}, None, "another network"),
        ({"activation": "nonsense"}, None, "nonsense"),
        (None, forget, "another network"),
        (None, reshape, "another network"),
        (None, letters, "another network"),
        (None, spoil, "are not numbers"),
    ],
)
def test_a_damaged_run_is_reported(folder, settings, weights, word):
    damage(folder, settings, weights)
    with pytest.raises(UnreadableRun, match=word):
        load(folder)


def test_a_network_with_different_inputs_is_reported(folder):
    """The weights are built into one file and passed as inputs to the other."""
    damage(folder)
    (folder.path / "network.tflite").write_bytes(kept_model())
    with pytest.raises(UnreadableRun, match=r"network\.tflite belongs to another network"):
        load(folder)


@pytest.mark.parametrize("shape", [(28, 28), (1, 32, 32), (2, 28, 28, 1)])
def test_an_invalid_image_shape_raises_value_error(folder, shape):
    with pytest.raises(ValueError, match="28"):
        load(folder).probabilities(np.zeros(shape, np.float32))


def test_half_precision_weights_are_read(folder, digits):
    images = digits[0][:20]
    (folder.path / "model.tflite").unlink()
    half = load(folder).probabilities(images)
    with h5py.File(folder.weights(BEST), "r+") as file:
        for group in ("conv2d", "conv2d_1", "dense", "dense_1"):
            for number in "01":
                place = f"layers/{group}/vars/{number}"
                values = file[place][()]
                assert values.dtype == np.float16
                del file[place]
                file[place] = values.astype(np.float32)
    np.testing.assert_array_equal(half, load(folder).probabilities(images))
