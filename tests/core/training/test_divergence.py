"""The ladder's top rung really diverges."""

import math

import pytest

from core.lessons.ladder import NETWORKS, RUNGS, ladder_config
from core.runs.store import RunStore
from tests.core.training.conftest import Trainer


def test_the_top_rung_diverges_and_the_next_does_not(tmp_path, how_many):
    trainer = Trainer(tmp_path / "runs")
    for network in NETWORKS[: how_many(1, len(NETWORKS))]:
        for rate in RUNGS[:2]:
            settings = ("--set", f"learning_rate={rate}", "--set", "validation=last-20")
            trainer.run("--dataset", "mnist-5k", "--preset", network, "--epochs", "2", *settings)
