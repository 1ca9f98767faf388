"""How a network takes its images: from its input's shape, and by trying."""

from dataclasses import replace

import numpy as np
import pytest

from core.config.datasets import BUILT_IN
from core.errors import UnreadableRun
from core.models.input_forms import best_form, shaped
from core.runs.model_file import InputForm

DIGITS = BUILT_IN["mnist"]
COLOR = replace(DIGITS, shape=(32, 32, 3))


@pytest.mark.parametrize(
    ("shape", "data", "form"),
    [
        ((28, 28, 1), DIGITS, InputForm((28, 28, 1))),
        ((None, None, 1), DIGITS, InputForm((28, 28, 1))),
        ((28, 28), DIGITS, InputForm((28, 28))),
        ((784,), DIGITS, InputForm((784,))),
        ((1, 28, 28), DIGITS, InputForm((1, 28, 28))),
        ((32, 32, 1), DIGITS, InputForm((32, 32, 1), padding=(2, 2))),
        ((32, 32, 3), DIGITS, InputForm((32, 32, 3), padding=(2, 2), repeated=True)),
        ((32, 32, 3), COLOR, InputForm((32, 32, 3))),
        ((3, 32, 32), COLOR, InputForm((3, 32, 32), channels_first=True)),
        ((3072,), COLOR, InputForm((3072,))),
    ],
)
def test_the_form_follows_from_the_shape_of_the_input(shape, data, form):
    assert shaped(shape, data) == form
    images = np.random.default_rng(1).random((2, *data.shape), np.float32)
    assert form(images).shape == (2, *form.shape)


@pytest.mark.parametrize("shape", [(27, 28, 1), (29, 29, 1), (28, 28, 4), (10,), (2, 2, 2, 2)])
def test_an_input_of_another_shape_is_refused(shape):
    with pytest.raises(UnreadableRun, match="but the data set has 28×28×1"):
        shaped(shape, DIGITS)


def test_channels_first_moves_the_channels():
    images = np.random.default_rng(1).random((2, 32, 32, 3), np.float32)
    moved = shaped((3, 32, 32), COLOR)(images)
    np.testing.assert_array_equal(moved[:, 1], images[..., 1])


def network(form):
    """Answers right only to images in this form: brightness of the upper against the lower half, after undoing it."""

    def answer(values):
        pixels = (values - form.offset) / form.scale
        upper, lower = pixels[:, :14].mean(axis=(1, 2, 3)), pixels[:, 14:].mean(axis=(1, 2, 3))
        # every image has paper and ink, so any other scale shows
        scaled = np.isclose(pixels.min(axis=(1, 2, 3)), 0, atol=0.01) & np.isclose(pixels.max(axis=(1, 2, 3)), 1)
        return np.stack([np.where(scaled, upper, 1), np.where(scaled, lower, 0)], axis=1)

    return answer


SCALES = {"unit": (1, 0), "bytes": (255, 0), "signed": (2, -1)}


@pytest.mark.parametrize("pixels", SCALES)
@pytest.mark.parametrize("inverted", [False, True])
def test_the_form_with_which_a_network_is_right_is_found(pixels, inverted):
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, 300).astype(np.uint8)
    images = np.zeros((300, 28, 28, 1), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[14 * label : 14 * label + 14] = random.integers(100, 256, (14, 28, 1))
        image[0, 0], image[-1, -1] = 255, 0
    scale, offset = SCALES[pixels]
    wanted = InputForm((28, 28, 1), pixels, inverted, scale, offset)
    if inverted:
        wanted = replace(wanted, scale=-scale, offset=scale + offset)
    trial = best_form(network(wanted), InputForm((28, 28, 1)), images, labels)
    assert (trial.form.pixels, trial.form.inverted, trial.accuracy) == (pixels, inverted, 1.0)


def test_a_network_that_does_not_care_gets_the_usual_form():
    images = np.zeros((50, 28, 28, 1), np.uint8)
    trial = best_form(lambda values: np.ones((len(values), 2)), InputForm((28, 28, 1)), images, np.zeros(50, np.uint8))
    assert (trial.form.pixels, trial.form.inverted) == ("unit", False)
