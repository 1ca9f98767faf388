"""Kernels as users type them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.errors import UnusableKernel
from core.explain.kernel import LARGEST, PRESETS, random_kernel, read_kernel, written

hundredths = st.integers(-10_000, 10_000).map(lambda number: number / 100)
kernels = st.sampled_from([3, 5]).flatmap(lambda side: arrays(np.float64, (side, side), elements=hundredths))


@given(kernels, st.sampled_from([" ", ", ", "\t", ",", "  "]), st.sampled_from(["\n", ";", "; ", "\r\n", "\n\n"]))
def test_a_kernel_is_read_in_any_layout(kernel, gap, end):
    text = end.join(gap.join(str(value) for value in row) for row in kernel.tolist())
    assert np.allclose(read_kernel(text), kernel, atol=1e-5)
    assert np.allclose(read_kernel(text.replace("-", "−")), kernel, atol=1e-5)
    assert np.allclose(read_kernel(written(kernel.astype(np.float32))), kernel, atol=0.006)


@given(st.text(max_size=60))
def test_anything_else_is_rejected(text):
    try:
        kernel = read_kernel(text)
    except UnusableKernel as error:
        assert str(error).endswith(".") and "\n" not in str(error)
    else:
        assert kernel.shape in ((3, 3), (5, 5)) and np.abs(kernel).max() <= LARGEST


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no weights"),
        (" ;\n; ", "has no weights"),
        ("1 2 x; 1 2 3; 1 2 3", "x in the filter is not a number"),
        ("1 2 nan; 1 2 3; 1 2 3", "nan in the filter is not a number"),
        ("1 2 inf; 1 2 3; 1 2 3", "inf in the filter is not a number"),
        ("1 2 101; 1 2 3; 1 2 3", "101 in the filter is too large"),
        ("1 2 3; 1 2; 1 2 3", "the first has 3 numbers, row 2 has 2"),
        ("1 2 3; 1 2 3", "has 2 rows and 3 columns"),
        ("1 2; 3 4", "2×2 has no middle pixel"),
        ("1", "1×1 is not supported"),
        ("; ".join([" ".join("1" * 7)] * 7), "7×7 is not supported"),
    ],
)
def test_the_error_says_what_is_wrong(text, sentence):
    with pytest.raises(UnusableKernel, match=sentence):
        read_kernel(text)


def test_presets_do_what_their_names_say():
    assert PRESETS["blur"].sum() == pytest.approx(1)
    assert PRESETS["sharpen"].sum() == pytest.approx(1)
    assert PRESETS["edge"].sum() == PRESETS["vertical"].sum() == 0
    for kernel in PRESETS.values():
        assert np.allclose(read_kernel(written(kernel)), kernel, atol=0.005)


def test_random_kernels_depend_on_the_seed_alone():
    assert np.array_equal(random_kernel(3), random_kernel(3))
    assert not np.array_equal(random_kernel(3), random_kernel(4))
    assert np.abs(random_kernel(0)).max() <= 0.35
    assert np.array_equal(read_kernel(written(random_kernel(5))), random_kernel(5))
