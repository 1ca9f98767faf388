"""Data sets are known however a script loads them."""

import textwrap

import pytest

START = """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Flatten
from keras.utils import to_categorical
"""
TRAINED = """
model = Sequential([Flatten(), Dense(10, activation='softmax')])
model.compile('adam', 'categorical_crossentropy')
model.fit(images, to_categorical(labels), batch_size=50)
"""


@pytest.mark.parametrize(("folder", "dataset"), [("mnist", "mnist"), ("fashion-mnist", "fashion_mnist")])
def test_the_files_of_mnist_are_read_as_scripts_unpack_them(read, folder, dataset):
    code = f"""
    import gzip, os, struct
    def load(path, kind='train'):
        with gzip.open(os.path.join(path, '%s-labels-idx1-ubyte.gz' % kind), 'rb') as file:
            magic, n = struct.unpack('>II', file.read(8))
            labels = np.frombuffer(file.read(), dtype=np.uint8)
        with open(os.path.join(path, f'{{kind}}-images-idx3-ubyte'), 'rb') as file:
            magic, num, rows, columns = struct.unpack('>IIII', file.read(16))
            images = np.fromfile(file, dtype=np.uint8).reshape(len(labels), rows * columns)
        return images, labels
    images, labels = load('data/{folder}')
    held, held_labels = load('data/{folder}', 't10k')
    images = images / 255
    """
    (fit,) = read(START + textwrap.dedent(code) + TRAINED, data=False).fits
    assert (fit.dataset, fit.images.shape, fit.images.part) == (dataset, (60_000, 784), "train")
    assert (fit.chain.layers[-1].arguments["units"], fit.chain.parameters) == (10, 7850)


@pytest.mark.parametrize(
    ("code", "size"),
    [
        ("ImageDataGenerator(rescale=1/255).flow_from_directory('train', batch_size=20)", 20),
        ("keras.utils.image_dataset_from_directory('train', image_size=(28, 28))", 32),
    ],
)
def test_images_in_folders_have_a_batch_size_and_a_reason(read, code, size):
    text = f"""
    import keras
    from keras.preprocessing.image import ImageDataGenerator
    model = Sequential([Flatten(input_shape=(28, 28, 1)), Dense(10, activation='softmax')])
    model.compile('adam', 'categorical_crossentropy')
    model.fit({code}, epochs=3)
    """
    tutorial = read(START + textwrap.dedent(text), data=False)
    (fit,) = tutorial.fits
    assert (fit.batch_size, fit.epochs) == (size, 3)
    assert ["is not followed" in str(note.said) for note in tutorial.unread] == [True]


def test_the_mnist_package_has_mnist(read):
    code = """
    import mnist
    model = Sequential([Dense(10)])
    model.compile('adam', 'mse')
    model.fit(mnist.train_images().reshape(-1, 784), mnist.train_labels(), validation_data=(xt, yt))
    """
    (fit,) = read(START + textwrap.dedent(code)).fits
    assert (fit.dataset, fit.images.shape, fit.validation.kind) == ("mnist", (60_000, 784), "test")
