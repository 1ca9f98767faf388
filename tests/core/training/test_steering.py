"""Stop, pause, learning rate, death and resumption with the real worker."""

import pytest

from tests.core.training.conftest import epochs, wait_until

LONG = ("--preset", "mlp-512", "--epochs", "300")


def test_pause_learning_rate_resume_and_stop(trainer):
    process, folder = trainer.begin(*LONG)
    folder.control.ask("pause")
    wait_until(lambda: folder.status().state == "paused")
    rows = len(epochs(folder))
    seconds = folder.status().seconds
    folder.control.ask("learning_rate", 0.0003)
    wait_until(lambda: folder.status().learning_rate == pytest.approx(0.0003))
    beat = folder.status().heartbeat
    wait_until(lambda: folder.status().heartbeat > beat)
    assert len(epochs(folder)) == rows
    folder.control.ask("resume")
    wait_until(lambda: len(epochs(folder)) > rows + 1)
    assert epochs(folder)[-1]["learning_rate"] == pytest.approx(0.0003)
    assert folder.status().seconds < seconds + 30
    folder.control.ask("stop")
    assert process.wait(timeout=60) == 0
    status = folder.status()
    assert (status.state, status.epoch) == ("stopped", len(epochs(folder)))
    assert status.test_accuracy > 0.8
    assert (folder.path / "model.keras").exists()


def test_a_stop_in_the_first_epoch_keeps_what_was_learned(trainer):
    process = trainer.start("--dataset", "mnist-5k", *LONG, "--set", "batch_size=1")
    wait_until(lambda: trainer.folders())
    (folder,) = trainer.folders()
    wait_until(lambda: folder.status().batch > 0)
    folder.control.ask("stop")
    assert process.wait(timeout=60) == 0
    assert folder.status().state == "stopped"
    assert [row["epoch"] for row in epochs(folder)] == [1]
    assert folder.status().test_accuracy is not None


def test_a_stop_before_the_first_batch_stops_the_run(trainer):
    process = trainer.start("--dataset", "mnist-5k", *LONG)
    wait_until(lambda: trainer.folders())
    (folder,) = trainer.folders()
    folder.control.ask("stop")
    assert process.wait(timeout=60) == 0
    assert folder.status().state == "stopped"
