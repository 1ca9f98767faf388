"""The out-of-sample predictions of a run in its file: opened with it if they are sound, else refused."""

import io
import zipfile

import numpy as np
import pytest

from core.bundle.write import bundle
from core.runs.cross_validation import FILE, CrossValidation, read_out_of_sample, write_out_of_sample
from tests.bundled import bundled, npz_with_header, opened, refusal, with_files

NAME = "cnn-16-36-5k"
COUNT = 3_200
JOB = CrossValidation("any", (0.001,) * 4)


def result(tmp_path, *, total=1.0, count=COUNT):
    """The bytes of a result whose probabilities sum to `total` for each digit."""
    logs = np.full((count, 10), np.log(total / 10), np.float16)
    write_out_of_sample(tmp_path / "made.npz", logs, np.arange(count, dtype=np.uint8) % 10, JOB)
    return (tmp_path / "made.npz").read_bytes()


def test_a_result_is_opened_with_its_run(tmp_path):
    first = opened(with_files({FILE: result(tmp_path)}, NAME), tmp_path / "first")
    again = opened(bundle(first), tmp_path / "again")
    found = read_out_of_sample(again.path / FILE, again.manifest().config)
    assert (found.folds, found.epochs, len(found.answers)) == (3, 4, COUNT)


def test_a_damaged_result_is_left_out_of_a_bundle(tmp_path):
    folder = opened(bundled(NAME), tmp_path / "runs")
    (folder.path / FILE).write_bytes(b"damaged")
    assert FILE not in zipfile.ZipFile(io.BytesIO(bundle(folder))).namelist()


@pytest.mark.parametrize("made", [{"total": 2.0}, {"count": 10}])
def test_a_result_that_no_run_of_these_settings_has_is_refused(tmp_path, made):
    (tmp_path / "runs").mkdir()
    content = with_files({FILE: result(tmp_path, **made)}, NAME)
    assert FILE in refusal(content, tmp_path / "runs")


def test_a_header_that_claims_more_than_the_file_has_is_refused(tmp_path):
    (tmp_path / "runs").mkdir()
    header = "{'descr': '<f2', 'fortran_order': False, 'shape': (1000000000000, 10), }"
    assert FILE in refusal(with_files({FILE: npz_with_header(header)}, NAME), tmp_path / "runs")
