"""Stop, pause, learning rate, death and resumption with the real worker."""

import shutil
import subprocess

import pytest

from core.runs.folder import RunFolder
from tests.core.training.conftest import Trainer, epochs, wait_until

LONG = ("--preset", "mlp-512", "--epochs", "300")


def test_pause_learning_rate_resume_and_stop(trainer):
    process, folder = trainer.begin(*LONG)
    folder.ask("pause")
    wait_until(lambda: folder.status().state == "paused")
    rows = len(epochs(folder))
    seconds = folder.status().seconds
    folder.ask("learning_rate", 0.0003)
    wait_until(lambda: folder.status().learning_rate == pytest.approx(0.0003))
    beat = folder.status().heartbeat
    wait_until(lambda: folder.status().heartbeat > beat)
    assert len(epochs(folder)) == rows
    folder.ask("resume")
    wait_until(lambda: len(epochs(folder)) > rows + 1)
    assert epochs(folder)[-1]["learning_rate"] == pytest.approx(0.0003)
    assert folder.status().seconds < seconds + 30
    folder.ask("stop")
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
    folder.ask("stop")
    assert process.wait(timeout=60) == 0
    assert folder.status().state == "stopped"
    assert [row["epoch"] for row in epochs(folder)] == [1]
    assert folder.status().test_accuracy is not None


def test_a_stop_before_the_first_batch_stops_the_run(trainer):
    process = trainer.start("--dataset", "mnist-5k", *LONG)
    wait_until(lambda: trainer.folders())
    (folder,) = trainer.folders()
    folder.ask("stop")
    assert process.wait(timeout=60) == 0
    assert folder.status().state == "stopped"


def test_a_killed_run_is_interrupted_and_resumes_to_the_same_results(tmp_path_factory):
    """The schedule, early stopping and weight averaging must all keep their state."""
    trainer = Trainer(tmp_path_factory.mktemp("kill") / "runs")
    settings = [
        "--preset", "mlp-512", "--epochs", "12", "--set", "validation=last-20", "--set", "schedule=plateau",
        "--set", "early_stopping=val_loss", "--set", "patience=5", "--set", "weight_averaging=true",
        "--set", "precision=float32",
    ]  # fmt: skip
    process, folder = trainer.begin(*settings)
    process.kill()
    process.wait()
    assert folder.status().state == "interrupted"
    before = epochs(folder)
    with folder.epochs_csv.open("a", encoding="utf-8") as file:
        file.write("99,0.1,")
    code, _, err = trainer.run("--resume", str(folder.path))
    assert code == 0, err
    assert folder.status().state == "finished"
    whole = trainer.train(*settings)
    resumed, uninterrupted = epochs(folder), epochs(whole)
    assert len(before) < len(resumed) == len(uninterrupted)
    for name in ("epoch", "loss", "accuracy", "val_loss", "learning_rate"):
        assert [row[name] for row in resumed] == pytest.approx([row[name] for row in uninterrupted], rel=1e-3)


def test_a_paused_run_whose_folder_is_deleted_ends(trainer):
    process, folder = trainer.begin(*LONG)
    folder.ask("pause")
    wait_until(lambda: folder.status().state == "paused")
    shutil.rmtree(folder.path)
    assert process.wait(timeout=30) == 1


def test_a_full_disk_fails_the_run_with_a_message_and_keeps_its_files(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("Mounting a small disk needs the rights of root.")
    try:
        code, line, err = Trainer(disk / "runs").run("--dataset", "mnist-5k", *LONG)
        folder = RunFolder(disk / "runs" / line.rpartition("/")[2])
        assert code == 1, err
        assert folder.status().state == "failed"
        assert "disk is full" in str(folder.status().message)
        finished = len(epochs(folder))
        assert finished >= 2
        assert folder.manifest().config.epochs == 300
        assert folder.weights(finished - 1).stat().st_size > 1_000_000
    finally:
        subprocess.run(["umount", str(disk)], check=True)
