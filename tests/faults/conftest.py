"""Where attacks are tried."""

import pytest


@pytest.fixture
def runs_dir(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"
