"""Trains with the highest learning rate of the lesson on learning rates."""

from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS
from core.runs.store import RunStore
from core.sweeps.folder import TrialRecord
from core.sweeps.ladder import NETWORKS, RUNGS, Rung, ladder_sweep
from tests.core.training.conftest import Trainer


def test_the_highest_learning_rate_diverges(tmp_path, times):
    trainer = Trainer(tmp_path / "runs")
    for network in NETWORKS[: times(1, len(NETWORKS))]:
        rate = f"learning_rate={RUNGS[0]}"
        trainer.run(
            "--dataset", "mnist-5k", "--preset", network, "--epochs", "2", "--set", "validation=last-20", "--set", rate
        )
        run = RunStore(trainer.runs_dir, tmp_path / "none").runs()[0]
        sweep = ladder_sweep(network, "mnist-5k", 2)
        assert run.manifest.config == sweep.config_of({"learning_rate": RUNGS[0]})
        losses = [row[3] for row in CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()]
        state, scores = ("complete", (min(losses),)) if run.status.state == "finished" else ("diverged", ())
        trial = TrialRecord(number=0, state=state, values={"learning_rate": RUNGS[0]}, scores=scores)
        assert Rung(sweep, RUNGS[0], trial).diverged
