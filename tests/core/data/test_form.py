"""All images of a data set get one form: size, channels and values."""

import numpy as np
import pytest

from core.data.form import Form, Wish
from core.data.readers.source import Look, UnreadableData


def look_at(*images):
    look = Look()
    look.add(list(images))
    return look


def gray(height, width, value=0):
    return np.full((height, width), value, np.uint8)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(28, 28)] * 3, (28, 28)),
        ([(24, 32)] * 3, (24, 32)),
        ([(100, 200)] * 3, (32, 64)),
        ([(4, 4)] * 3, (8, 8)),
        ([(10, 10), (20, 30), (40, 40), (41, 41)], (30, 30)),
        ([(500, 700), (600, 800)], (64, 64)),
    ],
)
def test_without_a_wish_the_size_is_the_images_own_or_the_median_side_at_most_64(sizes, expected):
    form = Form.chosen(look_at(*(gray(*size) for size in sizes)), Wish())
    assert (form.height, form.width, form.channels) == (*expected, 1)


def test_images_are_gray_unless_one_has_a_color_or_a_person_chooses():
    color = np.dstack([gray(8, 8, 10), gray(8, 8, 10), gray(8, 8, 11)])
    assert Form.chosen(look_at(np.dstack([gray(8, 8)] * 3)), Wish()).channels == 1
    assert Form.chosen(look_at(gray(8, 8), color), Wish()).channels == 3
    assert Form.chosen(look_at(color), Wish(channels=1)).channels == 1
    assert Form.chosen(look_at(gray(8, 8)), Wish(channels=3)).channels == 3


def test_gray_and_color_become_each_other_with_the_weights_of_pillow():
    images = np.random.default_rng(1).integers(0, 256, (5, 8, 9, 3), np.uint8)
    from PIL import Image

    expected = np.stack([np.asarray(Image.fromarray(image).convert("L")) for image in images])
    assert np.array_equal(Form(8, 9, 1).apply(images), expected)
    assert np.array_equal(Form(8, 9, 3).apply(expected), np.stack([expected] * 3, axis=3))


@pytest.mark.parametrize(
    ("values", "zero", "most"),
    [
        (np.array([0, 0.5, 1]), 0, 255),
        (np.array([-1, 0, 1.0]), 0, 255),
        (np.array([0, 8, 16]), 0, 255),
        (np.array([0, 100, 255.0]), 0, 255),
        (np.array([0, 30_000, 60_000]), 0, 255),
        (np.array([-2.5, 0, 2.5]), 0, 255),
        (np.array([0, 0, 200], np.uint8), 0, 200),
        (np.array([0, 1, 1], np.uint8), 0, 255),
    ],
)
def test_values_of_any_scale_become_0_to_255(values, zero, most):
    images = np.repeat(values[:, None, None], 64, axis=1).reshape(3, 8, 8)
    look = Look()
    look.add(images)
    made = Form.chosen(look, Wish()).apply(images)
    assert made.dtype == np.uint8
    assert (made.min(), made.max()) == (zero, most)


def test_values_that_are_bytes_already_stay_the_same():
    images = np.random.default_rng(2).integers(0, 256, (4, 8, 8))
    look = Look()
    look.add(images)
    assert np.array_equal(Form.chosen(look, Wish()).apply(images.astype(np.float64)), images)


def test_fit_shows_all_of_an_image_crop_fills_and_keep_does_not_scale():
    # a white bar on gray, twice as wide as high
    image = gray(20, 40, 90)
    image[8:12, 2:38] = 255
    fit, crop, keep = (Form(10, 10, 1, mode).apply([image])[0] for mode in ("fit", "crop", "keep"))
    assert (fit[:2] == 90).all()
    assert (fit[4, 2:8] > 200).all()
    assert (fit[4, [0, 9]] < 200).all()
    assert (crop[5] > 200).all()
    assert (keep == image[5:15, 15:25]).all()
    # smaller than the form: enlarged, or surrounded by its own border's color
    small = gray(5, 5, 40)
    small[2, 2] = 200
    assert Form(9, 9, 1, "keep").apply([small])[0].tolist() == np.pad(small, 2, constant_values=40).tolist()
    assert Form(10, 10, 1, "fit").apply([small])[0][4, 4] > 100


@pytest.mark.parametrize(("text", "size"), [("32", (32, 32)), ("24x32", (24, 32)), (" 8 × 128 ", (8, 128))])
def test_a_size_is_one_number_or_height_and_width(text, size):
    assert Wish.read_size(text) == size


@pytest.mark.parametrize("text", ["", "7", "129", "32x", "x32", "-8", "1e2", "32x7"])
def test_another_size_is_refused_with_the_limits(text):
    with pytest.raises(UnreadableData, match="from 8 to 128 pixels"):
        Wish.read_size(text)
