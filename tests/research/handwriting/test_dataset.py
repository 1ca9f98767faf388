"""Drawn digits are added to MNIST's, without those of held-out writers."""

import numpy as np
import pytest

from core.config.run import VALIDATION_SHARE
from core.data.arrays import Arrays
from core.drawing.to_mnist import to_mnist
from research.handwriting import dataset as handwriting
from research.handwriting.dataset import HELD_OUT_WRITERS, VALIDATION_WRITERS, canvas_drawing, combine
from research.handwriting.strokes import PenDigit

LINE = (np.array([(0, 0), (3, 100)], np.float32),)


@pytest.fixture
def mnist(small):
    return small.arrays


def written_by(writers, label):
    return [PenDigit(label, writer, LINE) for writer in writers]


def test_a_fifth_of_the_drawings_is_by_validation_writers(mnist):
    pen = [*written_by(HELD_OUT_WRITERS, 9), *written_by(VALIDATION_WRITERS, 8), *written_by(("1", "2"), 7)]
    assert len(mnist.train_labels) == 20
    # labels that identify the origin of an image
    known = Arrays(mnist.train_images, np.arange(20, dtype=np.uint8) % 5, mnist.test_images, mnist.test_labels)
    both = combine(known, pen, training=40, validation=10)
    assert both.train_images.shape == (70, 28, 28)
    assert both.train_images.dtype == both.train_labels.dtype == np.uint8
    cut = 70 - round(70 * VALIDATION_SHARE)
    np.testing.assert_array_equal(both.train_labels[:cut], [*known.train_labels[:16], *[7] * 40])
    np.testing.assert_array_equal(both.train_labels[cut:], [*known.train_labels[16:], *[8] * 10])
    np.testing.assert_array_equal(both.train_images[cut : cut + 4], mnist.train_images[16:])
    np.testing.assert_array_equal(both.test_images, mnist.test_images)


def test_all_drawings_differ_and_are_the_same_each_time_in_one_or_more_processes(mnist, monkeypatch):
    pen = [*written_by(VALIDATION_WRITERS, 8), *written_by(("1",), 7)]
    both, again = (combine(mnist, pen, training=12, validation=4) for _ in range(2))
    monkeypatch.setattr(handwriting, "_MANY", 2)
    in_processes = combine(mnist, pen, training=12, validation=4)
    drawn = both.train_images[[*range(16, 28), *range(32, 36)]]
    assert len({image.tobytes() for image in drawn}) == 16
    assert drawn.max(axis=(1, 2)).min() == 255
    np.testing.assert_array_equal(both.train_images, again.train_images)
    np.testing.assert_array_equal(both.train_images, in_processes.train_images)


def test_a_drawing_fits_on_the_canvas():
    random = np.random.default_rng(1)
    sizes = []
    for _ in range(60):
        opacity = canvas_drawing(LINE, random)[..., 3]
        assert opacity.shape == (280, 280)
        rows = np.flatnonzero(opacity.any(axis=1))
        sizes.append(len(rows))
        assert to_mnist(np.dstack([opacity] * 3 + [np.full_like(opacity, 255)])).max() == 1
    assert 58 <= min(sizes) < 90
    assert 210 < max(sizes) <= 242
