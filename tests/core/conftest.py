"""Run folders for tests, without any training."""

import pytest

from core.config.run import RunConfig
from core.runs.folder import RunFolder
from core.runs.status import Status
from core.runs.store import RunStore


@pytest.fixture
def make_run(tmp_path):
    """Makes a run folder in tmp_path/runs with this status."""

    def make(state="finished", *, name="", **status):
        config = RunConfig(dataset="mnist-5k")
        return RunFolder.create(tmp_path / "runs", config, Status(state=state, **status), name)

    return make


@pytest.fixture
def store(tmp_path):
    """The runs of `make_run`, and shipped ones in tmp_path/shipped."""
    return RunStore(tmp_path / "runs", tmp_path / "shipped")
