"""The calculations of the growth benchmark."""

import json

import pytest

from benchmarks.growth import operations
from core.config.presets import PRESETS


def test_operations_of_an_epoch_are_counted_from_its_layers():
    config = PRESETS["mlp-512"].replace(dataset="mnist")
    multiplications = 784 * 512 + 512 * 10
    assert operations(config) == 2 * multiplications * (3 * 60_000 + 10_000)
    # held-out images need inference only
    held_out = operations(config.replace(validation="last-20"))
    assert held_out == 2 * multiplications * (3 * 48_000 + 12_000 + 10_000)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_matrix_product_is_timed(printed, precision):
    # from an old core under load to a server's processors
    assert 0.5 < json.loads(printed("benchmarks.matrix_product", precision))["gflops"] < 50_000
