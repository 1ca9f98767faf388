"""Varied handwriting shows the same digit at the same size."""

import numpy as np
import pytest

from core.drawing.to_mnist import to_mnist
from research.handwriting import hands
from research.handwriting.hands import vary
from research.handwriting.strokes import PenDigit, render

SEVEN = PenDigit(7, "1", (np.array([(10, 10), (60, 12), (30, 100)], np.float32),))


def variants(digit, count=40, seed=3):
    random = np.random.default_rng(seed)
    return [vary(digit, random) for _ in range(count)]


@pytest.mark.parametrize("label", range(10))
def test_every_digit_can_be_drawn_in_other_ways(label, monkeypatch):
    monkeypatch.setattr(hands, "REBUILT", 1)
    own = np.array([(0, 0), (1, 2)], np.float32)
    pictures = [to_mnist(render(s, 200, (140, 140), 16)) for s in variants(PenDigit(label, "1", (own,)))]
    line = to_mnist(render([own], 200, (140, 140), 16))
    # only a 1 may become the plain line that its writer drew
    assert np.mean([np.abs(picture - line).mean() for picture in pictures]) > 0.05
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_varied_strokes_are_reproducible_and_stay_near_the_originals(monkeypatch):
    monkeypatch.setattr(hands, "REBUILT", 0)
    written = to_mnist(render(SEVEN.strokes, 200, (140, 140), 30))
    shared = []
    for strokes, again in zip(variants(SEVEN), variants(SEVEN), strict=True):
        points = np.concatenate(strokes)
        np.testing.assert_array_equal(points, np.concatenate(again))
        assert points.dtype == np.float32
        assert np.isfinite(points).all()
        assert 0.5 < np.ptp(points, axis=0).max() < 1.8
        drawn = to_mnist(render(strokes, 200, (140, 140), 30))
        shared.append(np.minimum(drawn, written).sum() / np.maximum(drawn, written).sum())
    assert 0.3 < np.mean(shared) < 0.9


def test_some_zeros_are_slashed(monkeypatch):
    monkeypatch.setattr(hands, "REBUILT", 0)
    around = np.linspace(0, 2 * np.pi, 40)
    zero = PenDigit(0, "1", (np.stack([np.cos(around), np.sin(around)], axis=1).astype(np.float32),))
    slashed = sum(len(strokes) == 2 for strokes in variants(zero, 200))
    assert 8 <= slashed <= 45
