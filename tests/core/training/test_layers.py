"""Keras's layers have the shapes, weights, files and arithmetic that `core.config.layers` says."""

import ast

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.bundle.open import open_bundle
from core.bundle.write import write_bundle
from core.config.keras_script import keras_code
from core.config.layer_text import layers_text, read_layers
from core.config.layers import KINDS
from core.config.network import LayerList
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.data.datasets import load
from core.explain.activation import activated
from core.explain.convolution import convolved, output_pixel
from core.explain.parameters import counts
from core.explain.pooling import pooled, window
from core.inference.classifier import load as read_classifier
from core.inference.network_file import NetworkFile
from core.runs.first_updates import read_steps
from core.runs.folder import RunFolder
from core.runs.predictions import read_log_probabilities
from core.runs.weight_arrays import read_weights, weights_by_layer
from core.training.build import build
from core.training.export import write_network
from core.training.networks import build_network
from core.training.objective import mean_loss, training_loss
from core.training.prepared import compiled_network

TEXTS = {
    "arguments of convolutions": "rescaling(2,-1) conv(3,3x5,tanh,strides=2x3) conv(4,2x3,same,dilation_rate=2x1,"
    "use_bias=false) leakyrelu(0.2) conv(2,4x4,same,strides=3,kernel_initializer=he_normal,l1=0.01,l2=0.02) flatten",
    "convolutions of each channel": "depthwise(3x2,relu,strides=2,depth_multiplier=3) spatialdropout(0.2) "
    "separable(5,3x3,elu,same,depth_multiplier=2,l2=0.1) depthwise(3x3,same,dilation_rate=2,use_bias=false) "
    "separable(4,2x2,strides=2,use_bias=false,kernel_initializer=lecun_uniform) prelu globalavgpool",
    "pooling": "zeropad(3x1) pool(3x2,same) avgpool(2,strides=1) pool(3,strides=2) avgpool(3,same,strides=2x1) "
    "conv(3,1x1) pool(2,same) globalmaxpool",
    "normalization and units": "flatten reshape(14x14x4) layernorm batchnorm(0.8) activation(softplus) prelu "
    "reshape(784) dense(20,selu,use_bias=false,l1=0.1) batchnorm layernorm prelu elu(0.5) dropout(0.3) "
    "dense(6,leaky_relu)",
    "as in Keras's example": "conv(32,3x3,relu) pool(2) conv(64,3x3,relu) pool(2) flatten dropout(0.5)",
}
NETWORKS = {name: LayerList(layers=text) for name, text in TEXTS.items()}
IMAGES = np.random.default_rng(1).random((3, 28, 28), np.float32)


@pytest.fixture(params=NETWORKS, ids=str, scope="module")
def built(request, tmp_path_factory):
    """A network, its Keras model with random weights everywhere, and its run folder with both."""
    network = NETWORKS[request.param]
    model = build_network(RunConfig(network=network))
    random = np.random.default_rng(2)
    model.set_weights(
        [random.uniform(0.1, 0.6, values.shape) * np.sign(values + 1e-9) for values in model.get_weights()]
    )
    folder = RunFolder(tmp_path_factory.mktemp("network"))
    folder.weights(1).parent.mkdir()
    model.save_weights(folder.weights(1))
    write_network(folder, model)
    return network, model, folder


def test_every_kind_of_layer_is_compared_with_keras():
    used = {layer.word for network in NETWORKS.values() for layer in network.hidden_layers}
    assert used == set(KINDS)


def test_shapes_weights_and_parameters_are_keras_own(built):
    network, model, folder = built
    table = RunConfig(network=network).layer_table
    assert [layer.output.shape[1:] for layer in model.layers] == [row.output_shape for row in table]
    assert [layer.count_params() for layer in model.layers] == [row.parameters for row in table]
    for layer, row in zip(model.layers, table, strict=True):
        assert [(weight.name, tuple(weight.shape)) for weight in layer.weights] == list(row.weights.items())
    assert sum(count.weights + count.biases for count in counts(table)) == RunConfig(network=network).parameters
    read = read_weights(folder.weights(1), table)
    assert all(np.array_equal(ours, keras_) for ours, keras_ in zip(read, model.get_weights(), strict=True))


def test_the_script_builds_the_same_layers_with_the_same_arguments(built):
    network, model, _ = built
    script = ast.parse(keras_code(PRESETS["layers"].replace(network=network)))
    script.body = [part for part in script.body if isinstance(part, ast.Import | ast.ImportFrom | ast.FunctionDef)]
    names = {}
    exec(compile(script, "script", "exec"), names)
    assert [layer.get_config() for layer in names["build_model"]().layers] == [
        layer.get_config() for layer in model.layers
    ]


def test_the_network_file_gives_every_layers_output(built):
    network, model, folder = built
    table = RunConfig(network=network).layer_table
    found = NetworkFile(folder.path / "network.tflite", table, read_weights(folder.weights(1), table)).layers(IMAGES)
    expected = keras.Model(model.inputs, {layer.name: layer.output for layer in model.layers})(IMAGES[..., None])
    for name, values in expected.items():
        np.testing.assert_allclose(
            found[name], values, rtol=1e-4, atol=1e-4 * float(np.abs(values).max()), err_msg=name
        )


def test_convolutions_pooling_and_activations_are_worked_out_by_hand(built):
    network, model, folder = built
    table = RunConfig(network=network).layer_table
    weights = weights_by_layer(folder.weights(1), table)
    outputs = keras.Model(model.inputs, {layer.name: layer.output for layer in model.layers})(IMAGES[:1, ..., None])
    before = IMAGES[0, ..., None]
    for row in table:
        layer, after = row.layer, outputs[row.layer.name].numpy()[0]
        if layer.word == "conv":
            kernel, *bias = weights[layer.name]
            offset = float(bias[0][-1]) if bias else 0.0
            z = convolved(before, kernel[..., -1], offset, layer.window)
            np.testing.assert_allclose(activated(z, layer.activation), after[..., -1], atol=1e-3)
            last = z.shape[0] - 1, z.shape[1] // 2
            assert output_pixel(before, kernel[..., -1], offset, layer.window, *last).value == pytest.approx(
                z[last], 1e-4
            )
        elif layer.word in ("pool", "avgpool"):
            np.testing.assert_allclose(pooled(before, layer), after, rtol=1e-5)
            for place in [(0, 0), (after.shape[0] - 1, after.shape[1] - 1), (0, after.shape[1] // 2)]:
                assert window(before[..., 0], layer, place).result == pytest.approx(after[..., 0][place], rel=1e-5)
        before = after


@pytest.mark.parametrize("precision", [pytest.param("float32", marks=pytest.mark.slow), "bfloat16"])
def test_training_starts_in_either_precision_with_the_described_gradients(built, precision):
    network, model, _ = built
    config = PRESETS["layers"].replace(network=network, dataset="mnist-5k")
    quick = compiled_network(config, precision, images=6)
    quick.set_weights(model.get_weights())
    images, labels = np.repeat(IMAGES, 2, axis=0)[..., None], np.arange(6)
    history = quick.fit(images, labels, epochs=1, verbose=0, batch_size=6)
    assert np.isfinite(history.history["loss"]).all()


@pytest.mark.parametrize(
    "text", ["conv(3,3x3,relu,strides=2) pool(3,same,strides=1)", "conv(4,3x3) activation(relu) pool(3,strides=2)"]
)
def test_relu_after_any_max_pooling_changes_no_gradient(text):
    network = LayerList(layers=f"{text} conv(2,2x2,relu) avgpool(2) flatten")
    config = RunConfig(network=network)
    plain, quick = build_network(config), build_network(config, quick=True)
    quick.set_weights(plain.get_weights())
    found = []
    for model in (plain, quick):
        with tf.GradientTape() as tape:
            loss = keras.losses.sparse_categorical_crossentropy(np.arange(3), model(IMAGES[..., None], training=True))
        found.append(tape.gradient(loss, model.trainable_weights))
    for expected, got in zip(*found, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6 * float(np.abs(expected).max()))


@pytest.mark.parametrize("name", ["mlp", "cnn", "lenet-20-50", "cnn-16-36"])
def test_edit_as_layers_gives_an_equal_network(name):
    network = PRESETS[name].network
    listed = LayerList.of(network)
    assert listed.layers == read_layers(layers_text(listed.layers))
    config, as_layers = (RunConfig(network=each) for each in (network, listed))
    model, same = build_network(config), build_network(as_layers)
    same.set_weights(model.get_weights())
    np.testing.assert_array_equal(same(IMAGES[..., None]), model(IMAGES[..., None]))
    assert as_layers.parameters == config.parameters


def test_a_trained_list_of_layers_is_recorded_as_keras_evaluates_it(finished_layers):
    config, status = finished_layers.manifest().config, finished_layers.status()
    model = build_network(config)
    model.load_weights(finished_layers.weights(1))
    model.compile(loss=training_loss(config), metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")])
    digits = load("mnist-5k")
    found = model.evaluate(digits.test_images[..., None] / np.float32(255), digits.test_labels, verbose=0)
    assert [status.test_loss, status.test_accuracy] == pytest.approx(found, rel=1e-3)
    # the penalty and the smoothing are part of it
    assert status.test_loss > mean_loss(config.replace(label_smoothing=0), *stored(finished_layers)) + 0.01


def test_a_strangers_list_of_layers_is_rebuilt_from_its_settings(finished_layers, tmp_path):
    file = tmp_path / "run.digitlab.zip"
    with file.open("wb") as target:
        write_bundle(finished_layers, target)
    with file.open("rb") as source:
        opened = RunFolder(tmp_path / open_bundle(source, tmp_path, build=build).run_id)
    images = load("mnist-5k").test_images[:20] / np.float32(255)
    expected = read_classifier(finished_layers).probabilities(images)
    np.testing.assert_array_equal(read_classifier(opened).probabilities(images), expected)
    assert len(read_steps(opened)) == 5


def stored(folder):
    """The recorded log-probabilities of the test digits, and their labels."""
    found = read_log_probabilities(folder, folder.manifest().config, 1, "test")
    return found.astype(np.float32), load("mnist-5k").test_labels
