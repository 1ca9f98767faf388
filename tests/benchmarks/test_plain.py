"""The plain side of the training benchmark."""

import json

import pytest


@pytest.mark.slow
def test_the_keras_code_of_a_preset_is_timed_and_tested(printed):
    lines = printed("benchmarks.plain", "mlp-512", "mnist-5k", "--epochs", 2, "--seed", 3).splitlines()
    plain = json.loads(lines[-1])
    assert plain["fit_s"] > 0
    assert 0.8 < plain["test_accuracy"] < 0.97
