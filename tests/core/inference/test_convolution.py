"""A convolution equals the sum over its kernel at every second place."""

import numpy as np
import pytest

from core.inference.convolution import Convolution


@pytest.mark.parametrize(("height", "width", "side"), [(6, 8, 3), (7, 5, 5), (1, 2, 1)])
def test_each_value_is_the_sum_over_the_kernel_around_every_second_place(height, width, side):
    random = np.random.default_rng(1)
    maps = random.normal(0, 1, (2, height, width, 3)).astype(np.float32)
    kernel = random.normal(0, 1, (side, side, 3, 4)).astype(np.float16)
    bias = random.normal(0, 1, 4).astype(np.float32)
    found = Convolution(kernel, bias)(maps)
    edge = side // 2
    padded = np.pad(maps, [(0, 0), (edge, edge), (edge, edge), (0, 0)])
    assert found.shape == (2, -(-height // 2), -(-width // 2), 4)
    for row, column in np.ndindex(found.shape[1:3]):
        around = padded[:, 2 * row : 2 * row + side, 2 * column : 2 * column + side]
        sums = np.einsum("nrcd,rcdf->nf", around, kernel.astype(np.float32)) + bias
        np.testing.assert_allclose(found[:, row, column], np.maximum(sums, 0), atol=1e-4)
