"""A sweep's figures are drawn beside its driver, which sees how trials end meanwhile."""

import threading

from tests.core.sweeps.conftest import a_sweep
from tests.core.sweeps.judged import Judged
from tests.core.training.conftest import wait_until


def test_trials_end_and_begin_while_a_drawing_hangs(make_driver, monkeypatch):
    go, drawn = threading.Event(), []

    def draw(study, folder):  # noqa: ARG001 as the driver calls it
        drawn.append(len(folder.trials()))
        go.wait(60)

    driver = make_driver(a_sweep(trials=3), launcher=Judged(monkeypatch), draw=draw)
    thread = threading.Thread(target=driver.run)
    thread.start()
    wait_until(lambda: [trial.state for trial in driver.folder.trials()] == ["complete"] * 3)
    assert drawn == [1]
    assert driver.folder.files.status().state == "training"
    go.set()
    thread.join(20)
    assert driver.folder.files.status().state == "finished"
    assert drawn == [1, 3]


def test_a_figure_that_cannot_be_written_ends_the_sweep_with_a_sentence(make_driver):
    def draw(study, folder):  # noqa: ARG001 as the driver calls it
        raise OSError(28, "No space left on device")

    status = make_driver(a_sweep(trials=2), draw=draw).run()
    assert status.state == "failed"
    assert "No space left on device" in str(status.message)
