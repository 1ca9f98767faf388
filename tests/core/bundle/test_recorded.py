"""A run of a person's own program, as one file and back."""

import io

import pytest

from core.bundle.open import open_bundle
from core.bundle.write import bundle
from core.config.network import OtherNetwork
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.runs.beginning import fork
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.predictions import read_answers
from core.runs.recorded import NOT_KEPT, Recorded
from core.runs.status import Status
from core.runs.store import RunStore
from core.watching.picture_data import without_images
from tests.bundled import opened, refusal, with_json

RECORDED = Recorded("own.py", "Sequential", "Adam (beta_1 0.9)", "ExponentialDecay", "own_loss", "jax 0.9.0")


def test_a_recorded_run_opens_again_with_all_that_is_known_of_its_program(tmp_path):
    first = opened(with_json("run.json", recorded=RECORDED.to_json()), tmp_path / "first")
    again = opened(bundle(first), tmp_path / "again")
    assert first.manifest().recorded == again.manifest().recorded == RECORDED
    manifest = again.manifest()
    assert (manifest.was_watched, manifest.trained_here) == (True, False)
    for name in ("epochs.csv", "batches.csv"):
        assert (again.path / name).read_bytes() == (first.path / name).read_bytes()
    epoch = again.status().best_epoch
    before, after = (read_answers(run, manifest.config, epoch, "test") for run in (first, again))
    assert (before.log_probabilities == after.log_probabilities).all()
    run = RunStore(tmp_path / "again", tmp_path / "none").find(again.id)
    with pytest.raises(DigitLabError, match="was trained in your own program"):
        fork(run, 1, manifest.config)


def test_a_recorded_run_without_network_and_images_is_its_curves(tmp_path):
    data = without_images((32, 32, 3), 4, training=900)
    config = RunConfig(preset="layers", network=OtherNetwork(70), dataset=NOT_KEPT, data=data, epochs=2)
    status = Status(state="finished", epoch=2, best_epoch=2, learning_rate=0.1)
    folder = RunFolder.create(tmp_path / "runs", config, status, "own.py", recorded=RECORDED)
    rows = ("1,2.5,,,,0.1,3", "2,2.25,,,,0.1,3")
    folder.epochs_csv.write_text("\n".join((",".join(EPOCH_COLUMNS), *rows, "")), encoding="utf-8")
    folder.batches_csv.write_text(",".join(BATCH_COLUMNS) + "\n", encoding="utf-8")

    def build(folder):
        raise AssertionError(folder)

    copy = open_bundle(io.BytesIO(bundle(folder)), tmp_path / "again", build=build)
    again = RunFolder(tmp_path / "again" / copy.run_id)
    assert again.manifest().config == config
    assert again.epochs_csv.read_text() == folder.epochs_csv.read_text()
    assert (again.manifest().has_network, again.manifest().recorded) == (False, RECORDED)


@pytest.mark.parametrize("recorded", [{}, {**RECORDED.to_json(), "loss": 3}, "own.py"])
def test_a_bundle_that_says_something_else_of_a_program_is_refused(recorded, tmp_path):
    (tmp_path / "runs").mkdir()
    assert refusal(with_json("run.json", recorded=recorded), tmp_path / "runs").startswith("The file was not opened")
