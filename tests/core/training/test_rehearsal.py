"""A process trains the same with and without a rehearsal."""

import json
import subprocess
import sys

import numpy as np
import pytest

from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.predictions import read_log_probabilities
from core.runs.status import Status
from tests.core.training.conftest import epochs


@pytest.mark.slow
def test_a_run_is_the_same_after_a_rehearsal_for_its_settings(finished_cnn, tmp_path):
    config = finished_cnn.manifest().config
    rehearsed = RunFolder.create(tmp_path, config, Status(state="starting", owner=Owner.this()))
    command = [sys.executable, "-m", "core.training", "--wait"]
    lines = [json.dumps(config.replace(seed=2).to_json()), json.dumps(config.to_json()), str(rehearsed.path)]
    subprocess.run(command, cwd=ROOT, input="\n".join(lines).encode(), timeout=120, check=True)
    assert rehearsed.status().state == "finished"
    assert [row["loss"] for row in epochs(rehearsed)] == [row["loss"] for row in epochs(finished_cnn)]
    for epoch in (0, 1):
        found, expected = (read_log_probabilities(run, config, epoch, "test") for run in (rehearsed, finished_cnn))
        np.testing.assert_array_equal(found, expected)


def test_epoch_0_is_the_untrained_network(finished_cnn):
    """It is written after the first window of batches, when the network has already learned."""
    config, labels = finished_cnn.manifest().config, np.load(finished_cnn.labels)["test"]
    right = [(read_log_probabilities(finished_cnn, config, n, "test").argmax(1) == labels).mean() for n in (0, 2)]
    # chance is 10 %
    assert right[0] < 0.35
    assert right[1] > 0.5
