"""Building the network of an opened run fails."""

import shutil

import pytest

from core.bundle.build import build_network
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR


@pytest.mark.parametrize("seconds", [150, 0.001])
def test_a_build_that_fails_or_times_out_is_reported_in_one_sentence(seconds, tmp_path):
    shutil.copyfile(SHIPPED_DIR / "mlp-512" / "run.json", tmp_path / "run.json")
    if seconds > 1:
        (tmp_path / "run.json").write_text("{}")
    with pytest.raises(DigitLabError, match="its network could not be built"):
        build_network(RunFolder(tmp_path), timeout=seconds)
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
