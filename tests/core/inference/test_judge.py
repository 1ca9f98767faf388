"""The small classifier is rebuilt from its arrays, and refused if they do not fit each other."""

import numpy as np
import pytest

from core.inference.convolution import Convolution
from core.inference.judge import Judge

INPUTS, HIDDEN = 5, 7


@pytest.fixture(params=[0, 2], ids=["without convolutions", "with two"])
def judge(request):
    random = np.random.default_rng(1)
    kernels = [random.normal(0, 1, shape).astype(np.float16) for shape in ((5, 5, 1, 3), (3, 3, 3, 2))]
    convolutions = tuple(Convolution(kernel, np.zeros(kernel.shape[3], np.float32)) for kernel in kernels)
    inputs = INPUTS + (7 * 7 * 2 if request.param else 0)
    mean, scale, bias, second = (random.random(size, np.float32) for size in (INPUTS, INPUTS, HIDDEN, HIDDEN))
    first = random.normal(0, 1, (inputs, HIDDEN)).astype(np.float16)
    return Judge(mean, scale, first, bias, second, np.float32(0.5), convolutions[: request.param])


def test_one_rebuilt_from_its_arrays_gives_the_same_scores(judge):
    random = np.random.default_rng(2)
    examples = random.random((4, INPUTS), np.float32), random.random((4, 28, 28), np.float32)
    rebuilt = Judge.of(judge.arrays())
    assert len(rebuilt.convolutions) == len(judge.convolutions)
    np.testing.assert_array_equal(rebuilt.scores(*examples), judge.scores(*examples))
    assert judge.scores(*examples).shape == (4,)


@pytest.mark.parametrize(
    "changes",
    [
        {"mean": np.zeros(3, np.float32)},
        {"shift": np.zeros(2, np.float32)},
        {"bias": np.full(HIDDEN, np.nan)},
        {"kernel_0": np.zeros((4, 4, 1, 3), np.float16), "kernel_bias_0": np.zeros(3, np.float32)},
        {"kernel_0": np.zeros((3, 3, 2, 3), np.float16), "kernel_bias_0": np.zeros(3, np.float32)},
        {"kernel_0": np.zeros((3, 3), np.float16), "kernel_bias_0": np.zeros(3, np.float32)},
        {"kernel_0": np.zeros((3, 3, 1, 9), np.float16), "kernel_bias_0": np.zeros(9, np.float32)},
    ],
)
def test_inconsistent_arrays_are_rejected(judge, changes):
    with pytest.raises(ValueError):
        Judge.of(judge.arrays() | changes)
