"""The parts of `fit` add up."""

import json
import subprocess
import sys

import pytest

from benchmarks.training import fit_seconds
from core.places import ROOT
from core.runs.folder import RunFolder


@pytest.mark.slow
def test_parts_of_a_training_add_up_to_its_fit(tmp_path):
    command = [sys.executable, "-m", "benchmarks.parts", "mlp-512", "1", "mnist-5k", str(tmp_path)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = json.loads(printed.strip().splitlines()[-1])
    (run,) = tmp_path.iterdir()
    assert sum(found.values()) == pytest.approx(fit_seconds(RunFolder(run)))
    assert min(found.values()) > 0
    assert found["first"] + found["batches"] > found["rest"]
