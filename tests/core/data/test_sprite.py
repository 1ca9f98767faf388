"""Digits can be recovered unchanged from the sprite."""

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.data.sprite import sheet, sprite, sprite_uri


def digits(count):
    """Bright strokes on black that compress about as well as real digits."""
    y, x = np.mgrid[-13.5:14, -13.5:14]
    rings = [255 * np.clip(2 - abs(np.hypot(x, y * (1 + i / count)) - 3 - i % 7), 0, 1) for i in range(count)]
    return np.array(rings).astype(np.uint8)


@pytest.mark.parametrize("count", [1, 2, 48, 100])
def test_every_pixel_is_preserved(count):
    images = digits(count)
    with Image.open(BytesIO(sprite(images))) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (28 * count, 28))
        strip = np.asarray(picture)
    for place, image in enumerate(images):
        assert np.array_equal(strip[:, 28 * place : 28 * place + 28], image)


def test_a_sheet_has_rows_of_digits():
    images = digits(7)
    with Image.open(BytesIO(sheet(images, 3))) as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (3 * 28, 3 * 28)
    for place, image in enumerate(images):
        row, column = divmod(place, 3)
        assert np.array_equal(pixels[28 * row : 28 * row + 28, 28 * column : 28 * column + 28], image)
    assert not pixels[56:, 28:].any()


def test_the_uri_holds_the_same_picture():
    images = digits(3)
    kind, _, content = sprite_uri(images).partition(",")
    assert kind == "data:image/png;base64"
    assert b64decode(content) == sprite(images)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((0, 28, 28), np.uint8),
        np.zeros((28, 28), np.uint8),
        np.zeros((2, 28, 28, 2), np.uint8),
        np.zeros((2, 28, 28), np.float32),
    ],
)
def test_an_invalid_array_is_rejected(images):
    with pytest.raises(ValueError, match="no images"):
        sprite(images)


@pytest.mark.parametrize(
    ("shape", "ink", "mode"), [((6, 4), True, "L"), ((6, 4), False, "LA"), ((4, 6, 3), False, "RGBA")]
)
def test_an_image_that_is_not_square_is_centered_on_blank_or_transparent_ground(shape, ink, mode):
    images = np.random.default_rng(1).integers(1, 256, (3, *shape)).astype(np.uint8)
    with Image.open(BytesIO(sprite(images, ink=ink))) as picture:
        assert (picture.mode, picture.size) == (mode, (18, 6))
        pixels = np.asarray(picture).reshape(6, 3, 6, -1).transpose(1, 0, 2, 3)
    inside = pixels[:, 1:5] if shape[0] < shape[1] else pixels[:, :, 1:5]
    colors = inside.shape[-1] - (mode != "L")
    assert np.array_equal(inside[..., :colors].reshape(images.shape), images)
    if mode != "L":
        assert (inside[..., -1] == 255).all()
    # nothing of the margin is seen
    assert (pixels[..., -1] > 0).sum() == 3 * 6 * 4
