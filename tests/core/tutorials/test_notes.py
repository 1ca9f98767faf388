"""What cannot be read is named, with its line and its first reason."""

import textwrap

import pytest

from tests.core.tutorials.scripts import MODEL, NETWORK, TRAINED, unread


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (TRAINED + "model.fit(x, y, epochs=int(input()))", "asks for this value"),
        (TRAINED + "model.fit(x, wrong)", "wrong is never defined"),
        (MODEL + "model.add(Branches())\nmodel.compile('sgd', 'mse')\nmodel.fit(x, y)", "never defined"),
        (MODEL + "model.fit(x, y)", "without compile"),
        (TRAINED, "never trained"),
        (TRAINED + "while True: model.train_on_batch(x, y)", "train_on_batch"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(read, code, reason):
    tutorial = read(code)
    assert any(reason in said for said in unread(tutorial))
    assert all(note.line for note in tutorial.unread)


def test_a_network_with_branches_is_noted_and_not_read_as_another(read):
    tutorial = read(
        """
        from keras.layers import *
        from keras.models import Model
        a = Input((784,))
        b = Dense(5)(a)
        c = Concatenate()([b, Dense(6)(a)])
        model = Model(a, Dense(10)(c))
        model.compile("sgd", "mse")
        model.fit(x, y, epochs=3)
        """
    )
    (fit,) = tutorial.fits
    assert fit.chain is None
    assert fit.epochs == 3
    assert any("branches" in said for said in unread(tutorial))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("with tf.GradientTape() as tape:\n    pass", "in a loop of its own"),
        ("def step(batch):\n    with tf.GradientTape() as tape:\n        tape.gradient(batch)", "in a loop of its own"),
        ("digits = tf.placeholder(tf.float32)", "TensorFlow 1's own interface"),
        ("net = Sequential([Dense(3)])\nother.fit(net)", "No call of fit is known"),
        ("net = Sequential([Dense(3)])", "there is no call of fit"),
    ],
)
def test_a_script_without_a_training_says_why(read, code, reason):
    found = unread(read(f"import tensorflow as tf\n{NETWORK}{code}"))
    assert any(reason in each for each in found)
    assert not any("compile" in each for each in found)


def test_a_reason_is_the_first_thing_that_is_not_known(read):
    code = """
    import numpy as np
    from PIL import Image
    pictures = []
    for name in ["a.png", "b.png"]:
        pictures.append(np.array(Image.open(name)))
    pictures = np.reshape(np.array(pictures), (2, 784))
    model.fit(pictures, y)
    """
    found = unread(read(TRAINED + textwrap.dedent(code)))
    assert [each for each in found if "images" in each] == ["The images are not known: PIL.Image.open is not followed."]


def test_a_part_of_a_shape_that_is_not_known_is_named(read):
    found = unread(
        read(f"{NETWORK}model = Sequential([Reshape((side, 2))])\nmodel.compile('sgd', 'mse')\nmodel.fit(x, y)")
    )
    assert found == ["The value of target_shape is not known: side is never defined."]
