"""Networks whose channels stand first are read with their channels last."""

import pytest

from tests.core.tutorials.scripts import guesses


def test_channels_first_is_converted_and_said(read):
    tutorial = read(
        """
        from keras.models import Sequential
        from keras.layers import *
        x = x.reshape(60000, 1, 28, 28)
        first = Convolution2D(4, 5, 5, input_shape=(1, 28, 28))
        model = Sequential([first, BatchNormalization(axis=1), Flatten(), Dense(10)])
        model.compile("sgd", "mse")
        model.fit(x, y)
        """
    )
    (fit,) = tutorial.fits
    assert fit.chain.input_shape == (28, 28, 1)
    assert fit.chain.parameters == 4 * 26 + 4 * 4 + (24 * 24 * 4 + 1) * 10
    assert fit.chain.layers[1].arguments["axis"] == -1
    assert any("with the same results" in each for each in guesses(tutorial))


@pytest.mark.parametrize(("said", "noted"), [("", "with other results"), ("'channels_first'", "the same results")])
def test_channels_that_only_the_shape_has_first_are_doubted(read, said, noted):
    tutorial = read(
        f"""
        from keras.models import Sequential
        from keras.layers import *
        x = x.reshape(60000, 1, 28, 28)
        model = Sequential([Conv2D(4, 5, input_shape=(1, 28, 28)), Flatten(), Dense(10)])
        model.compile("sgd", "mse")
        model.fit(x, y)
        {said}
        """
    )
    assert tutorial.fits[0].chain.input_shape == (28, 28, 1)
    assert any(noted in each for each in guesses(tutorial))
