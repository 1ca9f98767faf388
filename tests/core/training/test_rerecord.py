"""First updates that are recorded afterwards: the same as in the run itself, or none."""

import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from core.places import ROOT
from core.runs.first_updates import has_steps, read_steps, steps_file
from core.runs.folder import RunFolder


@pytest.fixture
def copied(finished_cnn, tmp_path):
    """The finished run as it would be from before first updates were kept."""
    shutil.copytree(finished_cnn.path, tmp_path / "copied")
    folder = RunFolder(tmp_path / "copied")
    steps_file(folder).unlink()
    return folder


def rerecord(folder):
    command = [sys.executable, "-m", "core.training.rerecord", str(folder.path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)


def test_a_run_that_trains_again_as_it_did_gets_its_first_updates(finished_cnn, copied):
    done = rerecord(copied)
    assert done.returncode == 0, done.stderr
    own, again = read_steps(finished_cnn), read_steps(copied)
    np.testing.assert_array_equal(again.places, own.places)
    np.testing.assert_allclose(again.loss, own.loss, rtol=1e-4)
    np.testing.assert_allclose(again.weights, own.weights, rtol=1e-3, atol=1e-5)


def test_a_run_that_comes_out_otherwise_keeps_none(copied):
    manifest = copied.manifest()
    copied.write_manifest(replace(manifest, config=manifest.config.replace(seed=manifest.config.seed + 1)))
    done = rerecord(copied)
    assert done.returncode == 1
    assert "came out otherwise" in done.stdout
    assert not has_steps(copied)


def test_a_folder_that_is_no_run_is_told_in_a_sentence(tmp_path):
    done = rerecord(RunFolder(tmp_path))
    assert done.returncode == 2
    assert "run.json is missing" in done.stderr
    assert "Traceback" not in done.stderr
