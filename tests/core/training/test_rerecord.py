"""Recording first updates afterwards: they are those of the run itself, or none are kept."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from core.runs.first_updates import has_steps, read_steps, steps_file
from core.runs.folder import RunFolder
from tests.core.training.conftest import start


@pytest.fixture
def copied(finished_cnn, tmp_path):
    """A copy of the finished run without first updates, as from an earlier version."""
    shutil.copytree(finished_cnn.path, tmp_path / "copied")
    folder = RunFolder(tmp_path / "copied")
    steps_file(folder).unlink()
    return folder


def rerecord(folder):
    """Exit code, standard output and standard error of the command."""
    process = start("core.training.rerecord", str(folder.path))
    out, err = process.communicate(timeout=180)
    return process.returncode, out, err


def test_a_reproduced_run_gets_its_first_updates(finished_cnn, copied):
    code, _, err = rerecord(copied)
    assert code == 0, err
    own, again = read_steps(finished_cnn), read_steps(copied)
    np.testing.assert_array_equal(again.places, own.places)
    np.testing.assert_allclose(again.loss, own.loss, rtol=1e-4)
    np.testing.assert_allclose(again.weights, own.weights, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_a_run_that_is_not_reproduced_gets_none(copied):
    manifest = copied.manifest()
    copied.write_manifest(replace(manifest, config=manifest.config.replace(seed=manifest.config.seed + 1)))
    code, out, _ = rerecord(copied)
    assert code == 1
    assert "was not reproduced" in out
    assert not has_steps(copied)


def test_a_folder_that_is_not_a_run_is_refused(tmp_path):
    code, _, err = rerecord(RunFolder(tmp_path))
    assert code == 2
    assert "run.json is missing" in err
    assert "Traceback" not in err
