"""Disks that fill up, folders that cannot be written, that vanish, or that have unusual names."""

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
from tests.faults.server import QUICK
from tests.pages.conftest import texts

KILOBYTE = 1024


@pytest.fixture
def disk(tmp_path):
    """A disk of 2 MB; `leave` fills it but for so many bytes, `seal` lets nothing be written on it."""
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
            # refused while a file is being written
            wait_until(lambda: mount("-o", "remount,ro" if sealed else "remount,rw"))

    if not mount("-o", "size=2m"):
        pytest.skip("Mounting a small disk needs the rights of root.")
    (place / "runs").mkdir()
    yield Disk()
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_fills_up_at_any_moment_costs_no_finished_epoch(disk, make_server, times):
    reference = make_server().train(QUICK)
    server, room = make_server(disk.runs_dir), random.Random(9)
    for _ in range(times(3, 80)):
        # the last file is written with about 220 kB of them gone, 64 kB of which are a reserve
        disk.leave(room.randrange(90, 205) * KILOBYTE)
        folder = server.train(QUICK)
        assert folder.status().message == Message("training.disk_full")
        look(folder, server, rows(reference))
        disk.make_room()
        server.resume(folder)
        same_end(folder, reference)
        shutil.rmtree(folder.path)


def test_on_a_full_disk_a_page_says_so_and_starts_nothing(disk, open_app):
    test = open_app(disk.runs_dir)
    disk.leave(0)
    test.button(key="train.start").click().run()
    assert not test.exception
    assert "No space left" in test.toast[0].value
    assert list(disk.runs_dir.glob(".new-*")) == []
    assert "99.34 % right" in texts(test)
    assert list(disk.runs_dir.glob("[!.]*")) == []


def test_where_nothing_can_be_written_runs_are_shown_and_a_page_says_why_none_starts(disk, open_app, make_server):
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


def test_a_folder_sealed_while_a_run_trains_ends_it_and_it_goes_on_once_it_can_be_written(
    disk, make_server, monkeypatch
):
    reference = make_server().train(QUICK)
    monkeypatch.setenv("BATCH_SECONDS", "0.02")
    server = make_server(disk.runs_dir)
    # no disk can be sealed on which a process keeps a file open for writing
    server.launcher.logs = False
    folder = server.begun(QUICK)
    wait_until(lambda: len(rows(folder)) > 2)
    disk.seal()
    assert server.worker.wait(30) == 1
    with pytest.raises(DigitLabError, match="Read-only"):
        server.queue.tick()
    look(folder, server, rows(reference))
    disk.seal(sealed=False)
    server.queue.tick()
    server.resume(folder)
    same_end(folder, reference)


def test_the_folder_of_runs_may_vanish_while_one_trains(runs_dir, make_server, open_app, monkeypatch):
    monkeypatch.setenv("BATCH_SECONDS", "0.02")
    server = make_server()
    folder = server.begun(QUICK)
    test = open_app(runs_dir)
    assert "Training" in texts(test)
    wait_until(lambda: rows(folder))
    shutil.rmtree(runs_dir, ignore_errors=True)
    while runs_dir.exists():
        # the worker may have written in between
        shutil.rmtree(runs_dir, ignore_errors=True)
    assert server.worker.wait(30) == 1
    test.run()
    assert not test.exception
    assert "99.34 % right" in texts(test)
    server.queue.tick()
    monkeypatch.setenv("BATCH_SECONDS", "0")
    assert server.train(QUICK).status().state == "finished"


def test_a_path_of_any_letters_trains_and_is_shown(tmp_path, make_server, open_app):
    """With the real worker and LiteRT, each of which hands paths to C++."""
    runs_dir = tmp_path / "Meine Läufe (1) 数字 – été & 100%" / "runs"
    config = PRESETS["mlp-512"].replace(dataset="mnist-5k", hidden_units="8", epochs=1)
    folder = make_server(runs_dir, real=True).train(config)
    assert folder.status().state == "finished", folder.log_tail()
    with np.load(folder.predictions(1)) as stored:
        expected = np.exp(stored["test"].astype(np.float64))
    images = datasets.load("mnist-5k").test_images.astype(np.float32) / 255
    network = load(folder)
    for count in (20, len(images)):
        assert np.allclose(network.probabilities(images[:count]), expected[:count], atol=2e-3)
    assert "Finished · 1 of 1 epochs" in texts(open_app(runs_dir))
