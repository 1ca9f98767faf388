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
        np.zeros((2, 28, 27), np.uint8),
        np.zeros((2, 28, 28), np.float32),
    ],
)
def test_an_invalid_array_is_rejected(images):
    with pytest.raises(ValueError, match="no digits"):
        sprite(images)
