"""A training on other images, epochs or weights than here is noted as such."""

import textwrap

import pytest

NETWORK = """
from keras.models import Sequential
from keras.layers import Dense
model = Sequential([Dense(10, activation="softmax", input_shape=(784,))])
model.compile("sgd", "categorical_crossentropy")
"""


def said(tutorial):
    return [str(note.said) for note in tutorial.guesses]


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("model.fit(x[:2000], y[:2000])", "trains on 2,000 of 60,000 images"),
        ("model.fit(x, y, validation_data=(xt[:5000], yt[:5000]))", "validates on 5,000 of 10,000 test images"),
        ("few = x[yt != 3]\nmodel.fit(few, y)", "picks some of its images"),
        (
            "import pandas\ntable = pandas.read_csv('train.csv').sample(300)\nmodel.fit(table.iloc[:, 1:], y)",
            "300 of 42,000",
        ),
        (
            "import pandas\ntable = pandas.read_csv('train.csv')\nmodel.fit(table.sample(frac=0.5).iloc[:, 1:], y)",
            "21,000 of 42",
        ),
        ("import numpy as np\nmodel.fit(x[np.where(yt == 1)[0]], y)", "picks some of its images"),
        ("model.fit(x, y, batch_size=100, steps_per_epoch=50)", "counts 50 batches as an epoch"),
        ("model.fit(x, y)\nmodel.fit(x, y)", "continues with the weights"),
        ("model.layers[0].trainable = False\nmodel.fit(x, y)", "freezes layers"),
        ("model.add(Dense(9, trainable=False))\nmodel.fit(x, y)", "freezes layers"),
    ],
)
def test_what_departs_from_a_plain_training_is_noted(read, code, note):
    (found,) = said(read(NETWORK + code))
    assert note in found


@pytest.mark.parametrize(
    "code",
    [
        "model.fit(x, y, batch_size=100, steps_per_epoch=len(x) // 100)",
        "model.fit(x[5000:], y[5000:], validation_data=(x[:5000], y[:5000]))",
        "for layer in model.layers:\n    layer.trainable = True\nmodel.fit(x, y)",
        "model.fit(x, y, validation_split=0.3)",
    ],
)
def test_a_plain_training_has_no_notes(read, code):
    assert said(read(NETWORK + code)) == []


def test_keras_1_counts_images_for_an_epoch(read):
    code = "model.fit_generator(flow, {}, nb_epoch=2)".format
    flow = "from keras.preprocessing.image import ImageDataGenerator\nflow = ImageDataGenerator().flow(x, y)\n"
    assert said(read(NETWORK + flow + code(60_000))) == []
    assert "counts 100 batches" in said(read(NETWORK + flow + code(3_200)))[0]


def test_tables_and_batches_keep_count_of_their_images(read):
    code = """
    import pandas as pd, tensorflow as tf
    table = pd.read_csv("train.csv")
    digits, labels = table.iloc[:1000, 1:] / 255, table.label[:1000]
    model.fit(digits, labels)
    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(50)
    keras_model = Sequential([Dense(10, input_shape=(784,))])
    keras_model.compile("sgd", "mse")
    keras_model.fit(batches.skip(200), validation_data=batches.take(200))
    other = Sequential([Dense(10, input_shape=(784,))])
    other.compile("sgd", "mse")
    other.fit(batches.take(10).filter(lambda image, label: label == 2))
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    assert ["1,000 of 42,000" in said(tutorial)[0], "picks some" in said(tutorial)[1]] == [True, True]
    assert tutorial.fits[1].validation.share == pytest.approx(1 / 6)


def test_replaced_pixels_are_scaled_in_an_unknown_way(read):
    (fit,) = read(NETWORK + "x[x > 0.5] = 1\nmodel.fit(x, y)").fits
    assert fit.images.scale is None


@pytest.mark.parametrize(
    ("images", "input_shape", "refused"),
    [
        ("x.reshape(-1, 1, 28, 28)", (28, 28, 1), True),
        ("x.reshape(-1, 28, 28)", (784,), True),
        ("x.reshape(-1, 28, 28)", (28, 28, 1), False),
        ("x.reshape(-1, 28, 28, 1)", (28, 28), False),
        ("x.reshape(-1, 1, 28, 28)", (1, 28, 28), False),
    ],
)
def test_images_that_keras_would_refuse_are_named(read, images, input_shape, refused):
    code = f"""
from keras.models import Sequential
from keras.layers import Conv2D, Flatten, Dense
first = Conv2D(4, 3, input_shape={input_shape}) if {len(input_shape) == 3} else Dense(3, input_shape={input_shape})
model = Sequential([first, Flatten(), Dense(10)])
model.compile("sgd", "mse")
model.fit({images}, y)
"""
    found = [str(note.said) for note in read(code).unread]
    assert any("Keras refuses" in each for each in found) is refused
