"""The loss of an epoch's predictions, with the digits that it had before they were kept."""

import pytest

from core.config.presets import PRESETS
from core.runs.epoch_loss import epoch_loss
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.status import Status

STATUS = Status(state="finished", epoch=3, best_epoch=2, test_loss=0.10811, last_test_loss=0.12)


@pytest.fixture
def folder(tmp_path):
    rows = ["1,0.6,0.8,0.5,0.8,0.001,1", "2,0.3,0.9,0.28634,0.9,0.001,1", "3,0.2,0.9,,,0.001,1"]
    (tmp_path / "epochs.csv").write_text("\n".join([",".join(EPOCH_COLUMNS), *rows, ""]), encoding="utf-8")
    return RunFolder(tmp_path)


@pytest.mark.parametrize(
    ("kept", "epoch", "part", "validation", "shown"),
    [
        (0.10815, 2, "test", "last-20", 0.10811),
        (0.12004, 3, "test", "last-20", 0.12),
        (0.28636, 2, "validation", "last-20", 0.28634),
        (0.28636, 2, "test", "test", 0.28634),
        # of other predictions
        (0.10815, 1, "test", "last-20", 0.10815),
        (0.10815, 2, "validation", "last-20", 0.10815),
        (0.28636, 2, "test", "last-20", 0.28636),
        # with penalties or another loss, or not recorded
        (0.1, 2, "test", "last-20", 0.1),
        (0.3, 3, "validation", "last-20", 0.3),
    ],
)
def test_the_recorded_loss_stands_for_that_of_the_rounded_predictions(folder, kept, epoch, part, validation, shown):
    config = PRESETS["mlp-512"].replace(validation=validation)
    assert epoch_loss(kept, folder, config, STATUS, epoch, part) == shown


def test_a_run_without_a_best_epoch_recorded_the_loss_of_its_last(folder):
    status = Status(state="finished", epoch=3, test_loss=0.12)
    assert epoch_loss(0.12004, folder, PRESETS["mlp-512"], status, 3, "test") == 0.12
