"""Full disks, and runs folders that are read-only, are deleted or have unusual names."""

import random
import shutil
import subprocess

import numpy as np
import pytest

from core.config.presets import PRESETS
from core.data import datasets
from core.errors import DigitLabError
from core.inference.classifier import load
from core.text import Message
from tests.core.training.conftest import wait_until
from tests.faults.evidence import look, rows, same_end
from tests.faults.server import QUICK, KerasLauncher
from tests.pages.shown import texts

KILOBYTE = 1024


@pytest.fixture
def disk(tmp_path):
    """A disk of 2 MB; `leave` fills it up to a number of free bytes, `seal` makes it read-only."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(*options):
        command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(place)]
        return shutil.which("mount") and subprocess.run(command, check=False, capture_output=True).returncode == 0

    class Disk:
        runs_dir = place / "runs"
        ballast = place / "ballast"

        def leave(self, room):
            self.make_room()
            with self.ballast.open("wb") as file:
                file.write(bytes(shutil.disk_usage(place).free - room))

        def make_room(self):
            self.ballast.unlink(missing_ok=True)

        def seal(self, *, sealed=True):
            # the system refuses while a file is open for writing
            wait_until(lambda: mount("-o", "remount,ro" if sealed else "remount,rw"))

    if not mount("-o", "size=2m"):
        pytest.skip("Mounting a small disk needs the rights of root.")
    (place / "runs").mkdir()
    yield Disk()
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_fills_up_at_any_moment_loses_no_finished_epoch(disk, make_server, undisturbed, times):
    server, room = make_server(disk.runs_dir), random.Random(9)
    for _ in range(times(3, 80)):
        # a run needs about 220 kB, 64 kB of which are a reserve
        disk.leave(room.randrange(90, 205) * KILOBYTE)
        folder = server.train(QUICK)
        assert folder.status().message == Message("training.disk_full")
        look(folder, server, rows(undisturbed))
        disk.make_room()
        server.resume(folder)
        same_end(folder, undisturbed)
        shutil.rmtree(folder.path)


def test_on_a_full_disk_the_page_reports_it_and_starts_no_run(disk, open_app):
    test = open_app(disk.runs_dir)
    disk.leave(0)
    test.button(key="train.start").click().run()
    assert not test.exception
    assert "No space left" in test.toast[0].value
    assert list(disk.runs_dir.glob(".new-*")) == []
    assert "Included example · " in texts(test)
    assert list(disk.runs_dir.glob("[!.]*")) == []


def test_in_a_read_only_folder_runs_are_shown_and_start_is_refused(disk, open_app, make_server):
    folder = make_server(disk.runs_dir).train(QUICK)
    disk.seal()
    test = open_app(disk.runs_dir)
    assert not test.exception
    assert "Finished · 12 of 12 epochs" in texts(test)
    test.button(key="train.start").click().run()
    assert not test.exception
    assert "Read\\-only file system" in test.toast[0].value
    with pytest.raises(DigitLabError, match="Read-only"):
        make_server(disk.runs_dir).queue.submit(QUICK)
    disk.seal(sealed=False)
    assert folder.status().state == "finished"


def test_a_run_is_interrupted_when_its_folder_becomes_read_only_and_can_be_resumed(
    disk, make_server, undisturbed, monkeypatch
):
    monkeypatch.setenv("BATCH_SECONDS", "0.02")
    server = make_server(disk.runs_dir)
    # a disk with an open log file cannot be made read-only
    server.launcher.logs = False
    folder = server.begun(QUICK)
    wait_until(lambda: len(rows(folder)) > 2)
    disk.seal()
    assert server.worker.wait(30) == 1
    with pytest.raises(DigitLabError, match="Read-only"):
        server.queue.tick()
    look(folder, server, rows(undisturbed))
    disk.seal(sealed=False)
    server.queue.tick()
    server.resume(folder)
    same_end(folder, undisturbed)


def test_deleting_the_runs_folder_ends_only_the_training(runs_dir, make_server, open_app, monkeypatch):
    monkeypatch.setenv("BATCH_SECONDS", "0.02")
    server = make_server()
    folder = server.begun(QUICK)
    test = open_app(runs_dir)
    assert "Training" in texts(test)
    wait_until(lambda: rows(folder))
    shutil.rmtree(runs_dir, ignore_errors=True)
    while runs_dir.exists():
        # the worker may have written meanwhile
        shutil.rmtree(runs_dir, ignore_errors=True)
    assert server.worker.wait(30) == 1
    test.run()
    assert not test.exception
    assert "Test accuracy 99.34\xa0%" in texts(test)
    server.queue.tick()
    monkeypatch.setenv("BATCH_SECONDS", "0")
    assert server.train(QUICK).status().state == "finished"


def test_a_folder_with_special_characters_works(tmp_path, make_server, open_app):
    """With the real worker and LiteRT, which both pass paths to C++."""
    runs_dir = tmp_path / "Meine Läufe (1) 数字 – été & 100%" / "runs"
    config = PRESETS["mlp-512"].replace(dataset="mnist-5k", hidden_units="8", epochs=1)
    folder = make_server(runs_dir, KerasLauncher()).train(config)
    assert folder.status().state == "finished", folder.log_tail()
    with np.load(folder.predictions(1)) as stored:
        expected = np.exp(stored["test"].astype(np.float64))
    images = datasets.load("mnist-5k").test_images.astype(np.float32) / 255
    network = load(folder)
    for count in (20, len(images)):
        assert np.allclose(network.probabilities(images[:count]), expected[:count], atol=2e-3)
    assert "Finished · 1 epoch in" in texts(open_app(runs_dir))
