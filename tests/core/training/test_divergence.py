"""Trains with the highest learning rate of the lesson on learning rates."""

from core.explain.lessons.ladder import NETWORKS, RUNGS, Rung, ladder_config
from core.runs.store import RunStore
from tests.core.training.conftest import Trainer


def test_the_highest_learning_rate_diverges(tmp_path, times):
    trainer = Trainer(tmp_path / "runs")
    for network in NETWORKS[: times(1, len(NETWORKS))]:
        rate = f"learning_rate={RUNGS[0]}"
        trainer.run(
            "--dataset", "mnist-5k", "--preset", network, "--epochs", "2", "--set", "validation=last-20", "--set", rate
        )
        run = RunStore(trainer.runs_dir, tmp_path / "none").runs()[0]
        config = ladder_config(network, "mnist-5k", 2).replace(learning_rate=RUNGS[0])
        assert run.manifest.config == config
        assert Rung(config, run).diverged
