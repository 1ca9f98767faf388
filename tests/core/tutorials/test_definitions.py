"""Functions and classes of a script are followed as Python calls them."""

import textwrap

import pytest

NETWORK = """
import keras
from keras.models import Sequential
from keras.layers import Dense, Flatten, Conv2D
"""


def units(tutorial):
    (fit,) = tutorial.fits
    return [layer.arguments["units"] for layer in fit.chain.layers], fit.epochs, fit.batch_size


def test_class_methods_and_properties_are_followed(read):
    code = """
    class Base:
        @property
        def size(self):
            return 16 * 4
    class Net(Base):
        width = 30
        @classmethod
        def build(cls, classes):
            return Sequential([Dense(cls.width), Dense(classes)])
        @property
        def model(self):
            made = self.build(10)
            made.compile('sgd', 'mse')
            return made
        def go(self):
            self.model.fit(x, y, epochs=3, batch_size=self.size)
    Net().go()
    """
    assert units(read(NETWORK + textwrap.dedent(code))) == ([30, 10], 3, 64)


def test_the_options_of_click_have_their_defaults(read):
    code = """
    import click
    @click.command()
    @click.option('-e', '--epochs', default=9, help='rounds')
    @click.option('--batch-size', 'size', default=48)
    @click.option('--hidden', default=24)
    @click.option('--name', required=True)
    def main(epochs, size, hidden, name):
        model = Sequential([Dense(hidden), Dense(10)])
        model.compile('sgd', 'mse')
        model.fit(x, y, epochs=epochs, batch_size=size)
        print(name)
    main()
    """
    assert units(read(NETWORK + textwrap.dedent(code))) == ([24, 10], 9, 48)


def test_settings_of_weights_and_biases_are_read_back(read):
    code = """
    import wandb
    wandb.init(config={'hidden': 48, 'epochs': 7})
    config = wandb.config
    config.size = 96
    model = Sequential([Dense(config.hidden), Dense(10)])
    model.compile('sgd', 'mse')
    model.fit(x, y, epochs=wandb.config['epochs'], batch_size=config.size)
    """
    assert units(read(NETWORK + textwrap.dedent(code))) == ([48, 10], 7, 96)


@pytest.mark.parametrize(
    ("kind", "found"), [("'small'", 20), ("'tiny'", 20), ("'large'", 50), ("'none'", 5), ("None", 7), ("3", 3)]
)
def test_match_takes_the_case_that_fits(read, kind, found):
    code = f"""
    kind = {kind}
    match kind:
        case 'small' | 'tiny':
            size = 20
        case 'large':
            size = 50
        case None:
            size = 7
        case int_size if int_size == 3:
            size = int_size
        case _:
            size = 5
    model = Sequential([Dense(size)])
    model.compile('sgd', 'mse')
    model.fit(x, y)
    """
    assert units(read(NETWORK + textwrap.dedent(code)))[0] == [found]


def test_match_of_what_is_not_known_is_marked(read):
    code = """
    model = Sequential([Dense(10)])
    model.compile('sgd', 'mse')
    match input():
        case 'train':
            model.fit(x, y)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    assert len(tutorial.fits) == 1
    assert "condition is not known" in str(tutorial.guesses[0].said)


def test_lists_are_unpacked_reduced_and_counted(read):
    code = """
    import functools
    import numpy as np
    first, *middle, last = [64, 32, 16, 10]
    start = keras.Input((784,))
    layers = [Dense(size) for size in (first, *middle, last)]
    model = keras.Model(start, functools.reduce(lambda tensor, layer: layer(tensor), layers, start))
    model.compile('sgd', 'mse')
    for _ in np.arange(1):
        model.fit(x, y)
    """
    assert units(read(NETWORK + textwrap.dedent(code)))[0] == [64, 32, 16, 10]


def test_attributes_that_are_set_by_name_and_objects_that_are_got_by_name(read):
    code = """
    class Settings:
        def __init__(self):
            setattr(self, 'hidden', 40)
    model = Sequential([Dense(Settings().hidden, activation=keras.activations.get('tanh'))])
    model.compile(keras.optimizers.get('rmsprop'), keras.losses.get('mse'))
    model.fit(x, y)
    """
    (fit,) = read(NETWORK + textwrap.dedent(code)).fits
    assert fit.chain.layers[0].arguments["units"] == 40
    assert (fit.optimizer.name, fit.loss) == ("rmsprop", "mean_squared_error")
