"""A Keras model that branches answers the same as a network for LiteRT."""

import zipfile

import keras
import numpy as np
import pytest

from core.errors import UnreadableRun
from core.inference.model_network import ModelNetwork
from core.models.keras_file import description_of
from core.models.keras_graph import keras_graph
from core.models.operators import check_model
from core.models.reading import read
from core.training.convert_model import convert

L = keras.layers


@pytest.fixture(scope="module")
def model():
    """A small network with skip connections, as in tutorials on residual networks, and random weights."""
    image = keras.Input((28, 28, 1))
    values = L.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(L.Rescaling(1 / 255)(image))
    values = L.ReLU(max_value=6.0)(L.BatchNormalization(epsilon=1e-5)(values))
    beside = L.DepthwiseConv2D(3, padding="same", activation="hard_swish")(values)
    values = L.Concatenate()([L.Add()([values, beside]), L.GaussianNoise(0.1)(beside)])
    values = L.ZeroPadding2D(((0, 1), (0, 1)))(values)
    values = L.GlobalAveragePooling2D(keepdims=True)(L.LeakyReLU(negative_slope=0.2)(values))
    answer = L.Softmax()(L.Dense(5)(L.Flatten()(values)))
    made = keras.Model(image, answer)
    random = np.random.default_rng(1)
    made.set_weights([np.abs(random.normal(0.5, 0.5, values.shape)) for values in made.get_weights()])
    return made


@pytest.fixture(scope="module")
def nested():
    """A model that normalizes each channel and uses a layer and a model of its own twice, as Siamese networks do."""
    random = np.random.default_rng(3)
    inner = keras.Sequential([L.RandomFlip(), L.Conv2D(2, 3, name="conv"), L.BatchNormalization()], name="inner")
    image = keras.Input((8, 8, 3))
    found = L.Normalization()
    found.adapt(random.random((20, 8, 8, 3), np.float32))
    values = L.Rescaling([1.0, 2.0, 3.0], offset=np.array([0.0, 0.1, 0.2]))(found(image))
    shared = L.Conv2D(3, 1, name="conv")
    known = L.Normalization(mean=[0.5, 1.0, 1.5], variance=[1.0, 4.0, 9.0])
    both = L.Concatenate()([inner(shared(values)), inner(shared(known(values)))])
    made = keras.Model(image, keras.Sequential([L.Flatten(), L.Dense(4)], name="head")(both))
    inner.layers[-1].set_weights([random.random(2) + 0.5 for _ in range(4)])
    return made


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_models_in_models_shared_layers_and_scales_by_channel_answer_the_same(nested, ending, tmp_path):
    nested.save(tmp_path / f"model.{ending}")
    if ending == "keras":
        zipfile.ZipFile(tmp_path / "model.keras").extractall(tmp_path)
    found = read(tmp_path)
    assert (found.layers, found.input_shape, found.classes) == (None, (8, 8, 3), 4)
    convert(tmp_path, keras_graph(description_of(tmp_path)), tmp_path / "model.tflite")
    check_model(tmp_path / "model.tflite")
    images = np.random.default_rng(2).random((7, 8, 8, 3), np.float32)
    # without this, Keras flips them
    expected = nested(images, training=False)
    np.testing.assert_allclose(ModelNetwork(tmp_path / "model.tflite")(images), expected, atol=1e-5)


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_model_with_skip_connections_answers_the_same_after_conversion(model, ending, tmp_path):
    model.save(tmp_path / f"model.{ending}")
    if ending == "keras":
        zipfile.ZipFile(tmp_path / "model.keras").extractall(tmp_path)
    convert(tmp_path, keras_graph(description_of(tmp_path)), tmp_path / "model.tflite")
    assert check_model(tmp_path / "model.tflite") >= model.count_params() - 8
    network = ModelNetwork(tmp_path / "model.tflite")
    images = np.random.default_rng(2).integers(0, 256, (7, 28, 28, 1)).astype(np.float32)
    assert (network.input_shape, network.classes) == ((28, 28, 1), 5)
    np.testing.assert_allclose(network(images), model(images), atol=1e-5)
    np.testing.assert_allclose(network(images[:2]), model(images[:2]), atol=1e-5)


def test_layers_that_do_not_fit_and_weights_of_another_model_are_refused(model, tmp_path):
    model.save(tmp_path / "model.h5")
    graph = keras_graph(description_of(tmp_path))
    dense = next(node for node in graph.nodes if node.described.kind == "Dense")
    for name, value, sentence in (("units", 6, "do not fit its layer"), ("units", -1, "do not fit each other")):
        dense.arguments[name] = value
        with pytest.raises(UnreadableRun, match=sentence):
            convert(tmp_path, graph, tmp_path / "model.tflite")
    assert not (tmp_path / "model.tflite").exists()
