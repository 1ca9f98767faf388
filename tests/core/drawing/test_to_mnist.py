"""A drawing becomes a 28×28 digit as MNIST's authors would have prepared it, wherever and however it was drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.data.datasets import load
from core.drawing.to_mnist import Steps, prepare, to_mnist
from core.errors import EmptyDrawing
from research.handwriting.strokes import render

FOUR = [np.array([(40, 0), (0, 60), (70, 60)], np.float32), np.array([(50, 30), (48, 100)], np.float32)]
TWO = [np.array([(0, 20), (10, 4), (30, 0), (48, 12), (45, 40), (20, 70), (0, 98), (30, 94), (60, 100)], np.float32)]


def drawn(strokes=FOUR, size=180, place=(140, 140), pen_width=20, side=280):
    return render(strokes, size, place, pen_width, side=side)


def on(background, opacity, color=0):
    """Ink of this opacity, blended with an opaque background as a canvas does."""
    share = opacity[..., None].astype(np.float64) / 255
    blended = np.floor(color * share + np.array(background) * (1 - share) + 0.5).astype(np.uint8)
    return np.dstack([np.broadcast_to(blended, (*opacity.shape, 3)), np.full_like(opacity, 255)])


def difference(one, other):
    """Root mean square of the difference."""
    return float(np.sqrt(((one - other) ** 2).mean()))


@pytest.fixture(scope="module")
def mnist():
    return np.asarray(load("mnist-5k").test_images[::25])


def gray(image):
    return np.dstack([image, image, image, np.full_like(image, 255)])


def test_an_mnist_digit_drawn_at_its_size_is_unchanged(mnist):
    apart = [difference(to_mnist(gray(image)), image / 255) for image in mnist]
    assert np.median(apart) < 0.002
    assert max(apart) < 0.25


def test_an_enlarged_mnist_digit_is_restored(mnist):
    large = [np.asarray(Image.fromarray(image).resize((280, 280), Image.Resampling.BICUBIC)) for image in mnist]
    apart = [difference(to_mnist(gray(picture)), image / 255) for picture, image in zip(large, mnist, strict=True)]
    # a shift by one pixel would give a difference of at least 0.2
    moved = [difference(np.roll(image / 255, 1, axis=1), image / 255) for image in mnist]
    assert np.mean(apart) < 0.08 < 0.18 < np.mean(moved)


def test_digits_have_mnists_size_and_position(mnist):
    ours = to_mnist(drawn())
    assert (ours.dtype, ours.shape, ours.max()) == (np.float32, (28, 28), 1)
    assert ours.min() == 0
    for digit in (ours, *mnist / 255):
        rows, columns = np.nonzero(digit > 0.1)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20, 21)
        for axis in (0, 1):
            sums = digit.sum(axis=axis)
            # the center of mass lies in the pixel right below the middle
            assert 14 <= (sums * (np.arange(28) + 0.5)).sum() / sums.sum() <= 15


@pytest.mark.parametrize("pen_width", [6, 20, 36])
def test_polarity_and_transparency_do_not_change_the_digit(pen_width):
    black = drawn(TWO, pen_width=pen_width)
    opacity = black[..., 3]
    digit = to_mnist(black)
    white = black.copy()
    white[..., :3] = 255
    on_white, on_black = on((255, 255, 255), opacity, 0), on((0, 0, 0), opacity, 255)
    for same in (white, on_white, on_black):
        np.testing.assert_array_equal(to_mnist(same), digit)


def test_colors_do_not_change_the_digit():
    opacity = drawn()[..., 3]
    for paper, color in [((250, 240, 200), (40, 60, 160)), ((20, 30, 60), (255, 220, 0)), ((128, 128, 128), (0, 0, 0))]:
        assert difference(to_mnist(on(paper, opacity, np.array(color))), to_mnist(drawn())) < 0.01


@settings(max_examples=60)
@given(st.integers(60, 240), st.floats(0, 1), st.floats(0, 1), st.sampled_from([FOUR, TWO]))
def test_position_and_size_hardly_change_the_digit(size, right, down, strokes):
    place = (size / 2 + right * (280 - size), size / 2 + down * (280 - size))
    moved = to_mnist(drawn(strokes, size, place, pen_width=size / 10))
    reference = to_mnist(drawn(strokes, 200, pen_width=20))
    shifted = [np.roll(moved, (rows, columns), (0, 1)) for rows in (-1, 0, 1) for columns in (-1, 0, 1)]
    # the center of mass may fall into the neighboring pixel; the rest is rounding
    assert min(difference(one, reference) for one in shifted) < 0.12


@pytest.mark.parametrize(("height", "width"), [(28, 28), (28, 4000), (4000, 28), (1500, 1500), (61, 1999)])
def test_pictures_of_any_size_are_accepted(height, width):
    picture = np.full((height, width, 4), 255, np.uint8)
    thick = max(3, min(height, width) // 10)
    top, left = height // 4, (width - thick) // 2
    picture[top : top + height // 2, left : left + thick, :3] = 0
    digit = to_mnist(picture)
    assert digit.max() == 1
    assert (digit > 0.4).any(axis=1).sum() in (19, 20)
    np.testing.assert_array_equal(to_mnist(np.dstack([255 - picture[..., :3], picture[..., 3:]])), digit)


@pytest.mark.parametrize(
    "picture",
    {
        "transparent": np.zeros((280, 280, 4), np.uint8),
        "white": np.full((280, 280, 4), 255, np.uint8),
        "nearly white": np.full((40, 50, 4), 255, np.uint8) - (np.arange(2000).reshape(40, 50, 1) % 2).astype(np.uint8),
        "white on white": np.dstack([np.full((280, 280, 3), 255, np.uint8), drawn()[..., 3:]])[:1].repeat(280, 0),
    }.values(),
)
def test_a_picture_without_ink_raises_empty_drawing(picture):
    with pytest.raises(EmptyDrawing, match="no ink"):
        to_mnist(picture)


@pytest.mark.parametrize("shape", [(27, 280, 4), (280, 280, 3), (280, 280), (4001, 100, 4)])
def test_an_array_of_another_shape_raises_value_error(shape):
    with pytest.raises(ValueError, match="a drawing is uint8"):
        to_mnist(np.zeros(shape, np.uint8))


def test_a_sheet_with_transparent_corners_is_read():
    sheet = on((255, 255, 255), drawn()[..., 3])
    framed = np.pad(sheet, ((12, 12), (12, 12), (0, 0)))
    assert difference(to_mnist(framed), to_mnist(drawn())) < 0.01


def photographed(opacity, random, *, darkest=0.3, noise=4, ink=0.15, paper=235):
    """Ink on paper with light from one side, a soft shadow, and camera grain."""
    height, width = opacity.shape
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    light = darkest + (1 - darkest) * (0.6 * x + 0.4 * y) - 0.15 / (1 + np.exp((x - y - 0.1) * 25))
    seen = paper * np.clip(light, 0.1, 1) * (1 - (1 - ink) * opacity / 255.0)
    seen = seen[..., None] * (1, 0.97, 0.9) + random.normal(0, noise, (height, width, 3))
    return np.dstack([np.clip(seen, 0, 255).astype(np.uint8), np.full_like(opacity, 255)])


@pytest.mark.parametrize("strokes", [FOUR, TWO], ids=["four", "two"])
@pytest.mark.parametrize("pen_width", [12, 40])
def test_a_photo_in_uneven_light_is_read(strokes, pen_width):
    drawing = drawn(strokes, 420, (330, 290), pen_width, side=600)
    photo = photographed(drawing[..., 3], np.random.default_rng(2))
    # no single threshold separates ink from paper here
    assert photo[drawing[..., 3] == 0][:, 2].min() < photo[drawing[..., 3] == 255][:, 0].max()
    digit = to_mnist(photo)
    shifted = [np.roll(digit, (rows, columns), (0, 1)) for rows in (-1, 0, 1) for columns in (-1, 0, 1)]
    assert min(difference(one, to_mnist(drawing)) for one in shifted) < 0.12
    np.testing.assert_array_equal(to_mnist(np.dstack([255 - photo[..., :3], photo[..., 3:]])), digit)


def test_dust_and_the_edge_of_the_table_are_ignored():
    drawing = drawn(TWO, 300, (300, 300), 24, side=600)
    photo = photographed(drawing[..., 3], np.random.default_rng(3), darkest=0.7)
    clean = to_mnist(photo)
    photo[:, :30, :3] = photo[:, :30, :3] // 5
    photo[80:84, 500:505, :3] = 20
    assert difference(to_mnist(photo), clean) < 0.1


def test_a_photo_of_blank_paper_is_empty():
    with pytest.raises(EmptyDrawing):
        to_mnist(photographed(np.zeros((500, 400), np.uint8), np.random.default_rng(4)))


def test_each_step_can_be_switched_off():
    drawing = on((255, 255, 255), drawn(size=100, place=(80, 90))[..., 3])
    whole = prepare(drawing)
    assert whole.ink.shape == (280, 280)
    assert whole.ink[5, 5] == 0
    assert max(whole.cropped.shape) == 20
    np.testing.assert_array_equal(whole.digit, to_mnist(drawing))

    inverted = prepare(drawing, Steps(polarity=False))
    assert inverted.ink[5, 5] == 1
    assert inverted.digit[5, 5] > 0.9

    uncropped = prepare(drawing, Steps(crop=False))
    assert uncropped.cropped.shape == (28, 28)
    assert (uncropped.digit > 0.2).any(axis=1).sum() in (10, 11)

    boxed = prepare(drawing, Steps(center=False)).digit
    rows, columns = np.nonzero(boxed)
    assert (rows.min(), rows.max()) == (4, 23)
    assert columns.min() + columns.max() in (26, 27, 28)
    assert difference(boxed, whole.digit) > 0.1

    bare = prepare(drawing, Steps(polarity=False, crop=False, center=False)).digit
    corners = drawing[::10, ::10, 0].shape
    assert bare.shape == corners == (28, 28)
    np.testing.assert_allclose(bare, drawing[..., 0].reshape(28, 10, 28, 10).mean(axis=(1, 3)) / 255, atol=1e-5)
