"""Keras's networks and optimizers match the settings and the layer table."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.config.network import CNN, MLP, ConvolutionBlock
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.data.datasets import load
from core.training.networks import build_network, build_optimizer

ODD = CNN(
    blocks=(
        ConvolutionBlock(3, 4, "valid", "average"),
        ConvolutionBlock(5, 1, "same", "none"),
        ConvolutionBlock(7, 3, "valid", "max"),
    ),
    batch_normalization=True,
    pool_padding="same",
    dense_units=(),
    convolution_dropout=0.1,
    activation="gelu",
)
NETWORKS = {name: config.network for name, config in PRESETS.items()} | {
    "odd": ODD,
    "softmax regression": MLP(hidden_units=()),
    "normalized": MLP(hidden_units=(32, 16), batch_normalization=True, dropout=0.5),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_layers_shapes_and_parameters_match_the_layer_table(network, precision):
    config = RunConfig(network=network)
    model = build_network(config, precision)
    table = config.layer_table
    assert [layer.name for layer in model.layers] == [row.layer.name for row in table]
    assert [layer.output.shape[1:] for layer in model.layers] == [row.output_shape for row in table]
    assert [layer.count_params() for layer in model.layers] == [row.parameters for row in table]
    assert model.count_params() == config.parameters
    assert {weight.dtype for weight in model.weights} == {"float32"}


@pytest.mark.parametrize("network", [network for network in NETWORKS.values() if isinstance(network, CNN)])
def test_the_quick_network_has_the_same_weights_predictions_and_gradients(network):
    images = load("mnist-5k").train_images[:24].astype(np.float32)[..., None] / 255
    labels = load("mnist-5k").train_labels[:24]
    # without dropout, which is random, and batch normalization, which rounds differently
    network = network.replace(convolution_dropout=0, dense_dropout=0, batch_normalization=False)
    config = RunConfig(network=network)
    plain, quick = build_network(config), build_network(config, quick=True)
    quick.set_weights(plain.get_weights())
    assert [weight.path for weight in quick.weights] == [weight.path for weight in plain.weights]
    found = []
    for model in (plain, quick):
        with tf.GradientTape() as tape:
            answers = model(images, training=True)
            loss = keras.losses.sparse_categorical_crossentropy(labels, answers)
        found.append([answers, *tape.gradient(loss, model.trainable_weights)])
    for expected, got in zip(*found, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6 * float(np.abs(expected).max()))


def test_the_tutorials_networks_have_the_tutorials_parameter_counts():
    counts = {name: build_network(PRESETS[name]).count_params() for name in ("mlp-512", "lenet-20-50", "cnn-16-36")}
    assert counts == {"mlp-512": 407_050, "lenet-20-50": 931_080, "cnn-16-36": 242_062}


def test_bfloat16_networks_return_float32_probabilities():
    answer = build_network(RunConfig(network=MLP()), "bfloat16")(np.zeros((1, 28, 28, 1), np.float32))
    assert answer.dtype == "float32"


@pytest.mark.parametrize("name", RunConfig.rules["optimizer"].options)
def test_optimizers_take_their_settings(name):
    config = PRESETS["mlp"].replace(
        optimizer=name, learning_rate=0.02, momentum=0.7, weight_decay=0.05, weight_averaging=True, averaging_decay=0.9
    )
    optimizer = build_optimizer(config)
    settings = optimizer.get_config()
    assert type(optimizer).__name__.lower() == name
    assert settings["learning_rate"] == pytest.approx(0.02)
    assert (settings["use_ema"], settings["ema_momentum"]) == (True, 0.9)
    clipped = (
        build_optimizer(config.replace(clipping="value", clip_at=0.3)),
        build_optimizer(config.replace(clipping="norm")),
    )
    assert [(each.clipvalue, each.clipnorm) for each in (optimizer, *clipped)] == [
        (None, None),
        (0.3, None),
        (None, 1.0),
    ]
    if name == "sgd":
        assert settings["momentum"] == 0.7
    if name == "adamw":
        assert settings["weight_decay"] == 0.05
