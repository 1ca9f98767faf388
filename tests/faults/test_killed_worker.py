"""A worker killed at any moment: its folder is readable, no finished epoch is lost, a resumed run ends the same."""

import itertools
import random
import time

import pytest

from core.config.presets import PRESETS
from tests.core.training.conftest import wait_until
from tests.faults.evidence import look, resume_point, rows, same_end
from tests.faults.server import QUICK, KerasLauncher

PATIENCE = 240
"""Seconds that importing TensorFlow may take on a busy machine."""
CHANGES = 25
"""About the number of file changes in two epochs."""
REAL = PRESETS["mlp-512"].replace(
    dataset="mnist-5k",
    hidden_units="16",
    batch_size=64,
    validation="last-20",
    optimizer="adam",
    learning_rate=0.02,
    schedule="plateau",
    early_stopping="val_loss",
    weight_averaging=True,
    averaging_decay=0.5,
    precision="float32",
)
"""Best after 6 epochs; from then on the learning rate falls every second epoch."""


def await_owner(folder, worker):
    """Wait until the worker owns the run; a quick worker may already have ended."""
    wait_until(lambda: (owner := folder.status().owner) is None or owner.pid == worker.pid)


def test_a_worker_without_keras_survives_a_kill_at_any_moment(make_server, undisturbed, times):
    server, moments = make_server(), random.Random(50)
    # 7 and the number of changes are coprime: every change is met, and a few are spread widely
    changes = (7 * number % (2 * CHANGES) for number in itertools.count())
    expected = rows(undisturbed)
    assert len({row[5] for row in expected}) > 3, "the learning rate never fell"
    folder, kept, kills = server.submit(QUICK), 0, 0
    while kills < times(8, 500):
        # three of four kills come right before a file changes, the fourth at a random time
        by_change = kills % 4
        server.launcher.environment = {"DIES_AT": str(next(changes))} if by_change else {}
        server.queue.tick()
        if not by_change:
            await_owner(folder, server.worker)
            time.sleep(moments.uniform(0, 0.15))
            server.worker.kill()
        server.worker.wait()
        if server.status(folder).state == "finished":
            same_end(folder, undisturbed)
            folder, kept = server.submit(QUICK), 0
            continue
        kills += 1
        point = look(folder, server, expected)
        assert point >= kept, "a finished epoch is lost"
        kept = point
        server.queue.resume(folder.id)
    server.launcher.environment = {}
    server.await_end(folder)
    same_end(folder, undisturbed)


@pytest.mark.slow  # the worker without Keras is killed in each run of the tests, and test_resuming compares with Keras
def test_a_run_that_is_killed_repeatedly_ends_like_one_without_interruption(make_server, times):
    """With the real worker: Adam's moments, averaged weights, the learning rate and patience must be restored."""
    count = times(3, 50)
    config = REAL.replace(epochs=4 * count, patience=3 * count - 6)
    server, moments = make_server(launcher=KerasLauncher()), random.Random(8)
    reference = server.train(config)
    expected, an_epoch = rows(reference), reference.status().seconds / len(rows(reference))
    assert len(expected) < config.epochs, "it did not stop early"
    folder, kept = server.submit(config), 0
    for kill in range(count):
        server.queue.tick()
        if kill == 0:
            wait_until(lambda: folder.weights(0).exists(), PATIENCE)
        elif kill == count - 1:
            wait_until(lambda: server.status(folder).state in ("evaluating", "finished"), PATIENCE)
        else:
            least = kept + moments.randrange(2)
            wait_until(lambda least=least: server.status(folder).batch > 0 and resume_point(folder) >= least, PATIENCE)
            time.sleep(moments.uniform(0, an_epoch))
        server.worker.kill()
        server.worker.wait()
        if server.status(folder).state == "finished":
            # the kill came too late
            break
        point = look(folder, server, expected)
        assert point >= kept, "a finished epoch is lost"
        kept = point
        server.queue.resume(folder.id)
    assert kill == count - 1
    server.await_end(folder)
    same_end(folder, reference)
