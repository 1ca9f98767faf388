"""Spots match SciPy's connected components."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage

from core.drawing.spots import spots

MASKS = arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))


@given(MASKS)
def test_spots_match_scipys_components(mask):
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    found = spots(mask)
    assert len(found) == count
    seen = np.zeros(mask.shape, int)
    for spot in found:
        covered = np.zeros(mask.shape, bool)
        for row, first, last in spot.runs:
            covered[row, first:last] = True
        assert len(set(labels[covered])) == 1
        assert spot.area == covered.sum() == (labels == labels[covered][0]).sum()
        seen += covered
    np.testing.assert_array_equal(seen, mask)
