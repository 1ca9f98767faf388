"""Small scripts and what is read of them."""

import textwrap

import pytest

from core.tutorials.reading import read_tutorial

DATA = """
from keras.datasets import mnist
from keras.utils import to_categorical
(x, y), (xt, yt) = mnist.load_data()
x = x.reshape(60000, 784).astype("float32") / 255
y = to_categorical(y)
"""


@pytest.fixture
def read():
    """Reads a script: as it is, or with MNIST loaded before it."""

    def reading(code, *, data=True):
        return read_tutorial((DATA if data else "") + textwrap.dedent(code))

    return reading


@pytest.fixture
def fits(read):
    """The trainings of a script, as programs get them."""
    return lambda code, **options: [fit.to_json() for fit in read(code, **options).fits]
