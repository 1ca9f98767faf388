"""Assembled signs are a few joined parts, each time others."""

import numpy as np

from research.handwriting.assembled import assembled


def test_assembled_signs_are_a_few_parts_and_the_same_for_the_same_numbers():
    signs = [assembled(np.random.default_rng(number)) for number in range(30)]
    assert {len(sign) for sign in signs} == {4, 5}
    for sign in signs:
        points = np.concatenate(sign)
        assert points.dtype == np.float32
        assert 0.3 < np.ptp(points, axis=0).max() < 2.5
    again = assembled(np.random.default_rng(3))
    np.testing.assert_array_equal(np.concatenate(again), np.concatenate(signs[3]))
