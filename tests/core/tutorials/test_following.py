"""Loops, flags and classes are followed as far as they can be."""

import textwrap

import pytest

from tests.core.tutorials.scripts import NETWORK, TRAINED, guesses, unread


def test_loops_functions_and_dictionaries_are_followed_and_each_fit_counts(fits):
    found = fits(
        """
        import keras
        settings = {"widths": [20, 10 * 2], "rate": 1e-2}
        def build(widths, rate=0.1, **_):
            model = keras.Sequential(name=f"n{len(widths)}")
            for width in widths:
                model.add(keras.layers.Dense(width, activation="tanh"))
            model.compile(keras.optimizers.SGD(rate), "mse")
            return model
        for epochs in range(1, 4):
            build(**settings).fit(x, y, epochs=epochs)
        """
    )
    assert [fit["epochs"] for fit in found] == [1, 2, 3]
    assert found[0]["learning_rate"] == 0.01
    assert [layer["units"] for layer in found[0]["layers"]] == [20, 20]
    assert found[0]["batch_size"] is None


def test_a_loop_whose_training_depends_on_the_unknown_is_read_once(read):
    code = """
    played = 0
    while played < 40:
        if world.step():
            model.fit(x, y)
        played += 1
    """
    tutorial = read(TRAINED + textwrap.dedent(code))
    assert len(tutorial.fits) == 1
    assert any("read as one" in each for each in guesses(tutorial))


@pytest.mark.parametrize("flags", ["from absl import app, flags", "from tensorflow.compat.v1 import app, flags"])
def test_flags_have_their_defaults_and_main_is_run(read, flags):
    code = f"""
{flags}
flags.DEFINE_integer("batch", 25, "images of a batch")
rounds = flags.DEFINE_integer("rounds", default=4, help="epochs")
FLAGS = flags.FLAGS
def main(_):
    model.fit(x, y, batch_size=FLAGS.batch, epochs=rounds.value)
app.run(main)
"""
    (fit,) = read(TRAINED + code).fits
    assert (fit.batch_size, fit.epochs) == (25, 4)


@pytest.mark.parametrize("fits", [True, False])
def test_a_class_that_is_never_used_shows_its_network(read, fits):
    code = """
    class Reader:
        def __init__(self, width=30):
            self.model = Sequential([Dense(width, input_shape=(784,)), Dense(10)])
            self.model.compile("sgd", "mse")
        def learn(self, images, rounds=6):
            TRAINS
    """
    train = "self.model.fit(images, y, epochs=rounds)" if fits else "pass"
    tutorial = read(NETWORK + textwrap.dedent(code).replace("TRAINS", train))
    (fit,) = tutorial.fits
    assert [layer.arguments["units"] for layer in fit.chain.layers] == [30, 10]
    assert (fit.optimizer.name, fit.epochs) == ("sgd", 6 if fits else None)


def test_data_classes_and_named_tuples_have_the_values_that_they_are_made_with(fits):
    (fit,) = fits(
        """
        from dataclasses import dataclass, field
        from typing import NamedTuple
        from types import SimpleNamespace
        from keras import Sequential, layers, optimizers

        @dataclass
        class Net:
            widths: list = field(default_factory=lambda: [8, 16])
            last: int = 30

        class Fit(NamedTuple):
            batch_size: int
            epochs: int = 3

        net, fit, more = Net(last=40), Fit(256, epochs=4), SimpleNamespace(rate=0.002)
        model = Sequential([layers.Dense(width) for width in [*net.widths, net.last]] + [layers.Dense(10)])
        model.compile(optimizers.Adam(more.rate), "mse")
        model.fit(x, y, fit.batch_size, fit.epochs)
        """
    )
    assert [layer["units"] for layer in fit["layers"]] == [8, 16, 40, 10]
    assert (fit["batch_size"], fit["epochs"], fit["learning_rate"]) == (256, 4, 0.002)


def test_settings_in_a_text_are_read(read):
    code = """
    import json
    settings = json.loads('{"units": 40, "epochs": 7}')
    model = Sequential([Dense(settings["units"])])
    model.compile('adam', 'mse')
    model.fit(x, y, epochs=settings["epochs"])
    """
    (fit,) = read(NETWORK + textwrap.dedent(code)).fits
    assert (fit.chain.layers[0].arguments["units"], fit.epochs) == (40, 7)


def test_a_generator_is_followed_as_a_list(read):
    code = """
    first, second = (3 * size for size in (5, 7))
    model.fit(x, y, epochs=first, batch_size=sum(each for each in [second, 2]))
    """
    (fit,) = read(TRAINED + textwrap.dedent(code)).fits
    assert (fit.epochs, fit.batch_size) == (15, 23)


def test_networks_of_other_modules_train_and_are_not_known(read):
    tutorial = read(
        "from nets import build, ready\nbuild(9).fit(x, y, epochs=4)\nready.fit(x, y, validation_split=0.1)\n"
    )
    assert [fit.epochs for fit in tutorial.fits] == [4, 1]
    assert unread(tutorial) == ["nets.build is not followed.", "nets.ready.fit is not followed."]


def test_fits_of_other_libraries_are_not_trainings(read):
    assert read("from sklearn.svm import SVC\nSVC().fit(x, y)\n").fits == ()
