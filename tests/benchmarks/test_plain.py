"""The plain side of the training benchmark."""

import json
import subprocess
import sys

import pytest

from core.places import ROOT


@pytest.mark.slow
def test_the_keras_code_of_a_preset_is_timed_and_tested():
    command = [sys.executable, "-m", "benchmarks.plain", "mlp-512", "mnist-5k", "--epochs", "2", "--seed", "3"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    plain = json.loads(printed.splitlines()[-1])
    assert plain["fit_s"] > 0
    assert 0.8 < plain["test_accuracy"] < 0.97
