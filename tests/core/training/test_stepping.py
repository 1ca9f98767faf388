"""The recorded first updates: they match Keras's computation and do not change the run."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from core.config.presets import PRESETS
from core.data.datasets import load, split
from core.explain.lessons.update import update_lines
from core.runs.first_updates import IMAGES, UPDATES, has_steps, read_steps
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.reporter import Reporter
from core.runs.status import Status
from core.training.callbacks.stepping import Stepping
from core.training.evaluation import HeldOut
from core.training.fit import fit
from core.training.networks import build_network

SMALL = {"dataset": "mnist-5k", "epochs": 1, "batch_size": 20, "precision": "float32"}
IMAGES_TRAINED = 800
OPTIMIZERS = {
    "rmsprop": {"optimizer": "rmsprop"},
    "adam": {"optimizer": "adam", "learning_rate": 0.003},
    "adamw": {"optimizer": "adamw", "weight_decay": 0.1},
    "momentum": {"optimizer": "sgd", "learning_rate": 0.03},
    "sgd": {"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0},
}


def train(runs_dir, preset="mlp", **settings):
    """A run as the worker trains it, without the files written at the end."""
    network = {"hidden_units": "24"} if preset == "mlp" else {}
    config = PRESETS[preset].replace(**SMALL | network | settings)
    folder = RunFolder.create(runs_dir, config, Status(state="starting", owner=Owner.this()))
    data = load(config.dataset)
    parts = split(data, config.validation)
    held_out = HeldOut(
        {"test": data.test_images[:50], "validation": parts.validation_images[:50]},
        {"test": data.test_labels[:50], "validation": parts.validation_labels[:50]},
        "validation",
    )
    with Reporter(folder) as reporter:
        fit(
            config,
            folder,
            reporter,
            images=parts.train_images[:IMAGES_TRAINED],
            labels=parts.train_labels[:IMAGES_TRAINED],
            held_out=held_out,
            precision="float32",
        )
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    runs_dir = tmp_path_factory.mktemp("steps") / "runs"
    return {name: train(runs_dir, **settings) for name, settings in OPTIMIZERS.items()}


def weights(folder, epoch):
    found = []
    with h5py.File(folder.weights(epoch)) as file:
        file.visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    return found


def flat(network, watched):
    """The value of a recorded weight in a Keras network."""
    (variable,) = (v for v in network.get_layer(watched.layer).weights if v.name == watched.variable)
    return float(variable.numpy()[watched.index])


def test_gradients_and_losses_equal_those_of_keras(tmp_path):
    # without dropout, which is random
    folder = train(tmp_path / "runs", dropout=0)
    config, steps = folder.manifest().config, read_steps(folder)
    network = build_network(config)
    network.load_weights(folder.weights(0))
    assert steps.places.shape == (UPDATES, 20)
    images = split(load("mnist-5k"), config.validation).train_images
    scaled = images[steps.places[0]][..., None].astype(np.float32) / 255
    with tf.GradientTape() as tape:
        answers = network(scaled, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(steps.labels[0], answers))
    found = zip(network.trainable_variables, tape.gradient(loss, network.trainable_variables), strict=True)
    gradients = {variable.path: gradient for variable, gradient in found}
    assert steps.loss[0] == pytest.approx(float(loss), rel=1e-5)
    assert steps.before[0] == pytest.approx(float(loss), rel=1e-5)
    for place, watched in enumerate(steps.watched):
        (variable,) = (v for v in network.get_layer(watched.layer).weights if v.name == watched.variable)
        expected = gradients[variable.path].numpy()[watched.index]
        assert steps.gradients[0, place] == pytest.approx(expected, rel=1e-3, abs=1e-7)
        assert steps.weights[0, place] == flat(network, watched)
    assert np.abs(steps.gradients).max() > 1e-3


def test_the_recorded_batches_are_training_images_with_their_labels(trained):
    data, steps = split(load("mnist-5k"), "last-20"), read_steps(trained["adam"])
    assert steps.images.size == 0
    np.testing.assert_array_equal(data.train_labels[steps.places], steps.labels)
    assert len(set(steps.places.ravel())) == UPDATES * 20


def test_augmented_images_are_recorded_as_augmented(tmp_path):
    steps = read_steps(train(tmp_path / "runs", augmentation="strong"))
    before = split(load("mnist-5k"), "last-20").train_images[steps.places]
    assert steps.images.shape == before.shape == (UPDATES, 20, 28, 28)
    assert (steps.images != before).any(axis=(2, 3)).all()
    # augmented, but with about as much ink
    np.testing.assert_allclose(steps.images.mean(axis=(0, 1)).mean(), before.mean(), rtol=0.3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_optimizers_arithmetic_gives_the_recorded_weights_and_states(trained, name):
    config, steps = trained[name].manifest().config, read_steps(trained[name])
    assert steps.rates.tolist() == pytest.approx([config.learning_rate] * UPDATES)
    assert len(steps.slots) == {"rmsprop": 1, "adam": 2, "adamw": 2, "momentum": 1, "sgd": 0}[name]
    for step in range(UPDATES):
        for weight in range(len(steps.watched)):
            after = update_lines(config, steps, step, weight)[-1].value
            assert after == pytest.approx(float(steps.weights[step + 1, weight]), rel=1e-4, abs=2e-6)
    assert not steps.states[0].any()
    # AdamW's first line is its weight decay
    lines = update_lines(config, steps, 2, 0)[name == "adamw" :]
    memory = [line.value for line in lines][: len(steps.slots)]
    np.testing.assert_allclose(steps.states[3, :, 0], memory, rtol=1e-4)
    assert np.abs(np.diff(steps.weights, axis=0)).max() > 1e-4


def test_an_update_lowers_the_loss_of_its_batch(trained):
    steps = read_steps(trained["adam"])
    assert (steps.after < steps.before).all()
    assert (steps.sizes == 20).all()


def test_recording_does_not_change_the_run(tmp_path, monkeypatch):
    settings = {"preset": "cnn", "blocks": "4@3-same-max", "dense_units": "16", "batch_size": 64}
    settings["weight_averaging"] = True
    seen = train(tmp_path / "seen", **settings)
    monkeypatch.setattr(Stepping, "watch", lambda *_: None)
    unseen = train(tmp_path / "unseen", **settings)
    assert has_steps(seen)
    assert not has_steps(unseen)
    for epoch in (0, 1):
        for mine, theirs in zip(weights(seen, epoch), weights(unseen, epoch), strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_a_run_with_few_updates_records_them_all(tmp_path):
    steps = read_steps(train(tmp_path / "runs", batch_size=500, epochs=2))
    assert len(steps) == 4
    assert steps.places.shape == (4, IMAGES)
    labels = split(load("mnist-5k"), "last-20").train_labels
    np.testing.assert_array_equal(labels[steps.places], steps.labels)
    assert steps.sizes.tolist() == [500, 300, 500, 300]
