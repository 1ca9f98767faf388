"""Logs of a training elsewhere become a run with curves, of which only what they say is known."""

import io
import json

import pytest

from core.bundle.open import open_bundle
from core.bundle.open_logs import open_logs
from core.bundle.write import bundle
from core.errors import DigitLabError, UnreadableRun
from core.export.report.document import html_report
from core.inference import load as classifier
from core.runs.beginning import fork
from core.runs.curves import CurveReader
from core.runs.exposure import exposure
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.listing import ListCache, run_rows
from core.runs.store import RunStore
from tests.bundled import files, packed
from tests.kept_logs import ALL, EVENTS, EVENTS_OF_VALIDATION, LOSS, TABLE, opened


@pytest.fixture
def run(tmp_path):
    """The run of all kept logs."""
    (one,) = open_logs(opened(*ALL), tmp_path)
    return RunStore(tmp_path, tmp_path / "none").find(one.run_id)


def test_the_run_has_the_curves_of_all_files_and_appears_complete(run):
    reader = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS)
    reader.read()
    assert reader.column("loss") == pytest.approx(LOSS, abs=1e-5)
    assert reader.column("learning_rate") == [0.001] * 4
    assert (run.name, run.opened, run.status.state, run.status.epoch, run.status.best_epoch) == (
        *("training", True, "finished"),
        *(4, 4),
    )
    assert set(run.manifest.logs.names) == set(ALL)
    assert not list(run.folder.path.parent.glob(".opening*"))


def test_the_same_files_in_another_order_are_the_same_run(run):
    (again,) = open_logs(opened(*reversed(ALL)), run.folder.path.parent)
    assert (again.run_id, again.known) == (run.id, True)


def test_files_of_two_trainings_become_two_runs(tmp_path):
    other = ("other.csv", io.BytesIO(b"epoch,loss,val_loss\n0,1,nan\n1,nan,nan\n"))
    runs = [RunFolder(tmp_path / each.run_id) for each in open_logs([*opened(TABLE), other], tmp_path)]
    assert [run.manifest().name for run in runs] == ["training", "other"]
    status = runs[1].status()
    assert (status.exploded, status.message.key) == (2.0, "logs.exploded")
    # each is the run that its files alone are
    (alone,) = open_logs(opened(TABLE), tmp_path)
    assert (alone.run_id, alone.known) == (runs[0].id, True)


def test_logs_of_tensorboard_alone_have_a_name_for_people(tmp_path):
    (one,) = open_logs(opened(EVENTS, EVENTS_OF_VALIDATION), tmp_path)
    assert RunFolder(tmp_path / one.run_id).manifest().name == "TensorBoard log"


@pytest.mark.parametrize("reason", ["bad.csv: it is empty", "it is larger than 0 MB"])
def test_a_refused_file_leaves_nothing(tmp_path, reason):
    with pytest.raises(DigitLabError, match=f"^The file was not opened: {reason}"):
        open_logs([("bad.csv", io.BytesIO())] if "bad" in reason else opened(TABLE), tmp_path, most_bytes=9)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_invented_of_the_training(run):
    (row,) = run_rows([run], ListCache())
    assert (row.settings, row.config, row.parameters, row.recipe) == (None, None, None, "")
    # the times in TensorBoard's files tell it
    assert row.seconds == pytest.approx(3.128, abs=1e-3)
    assert (row.epochs, row.best_epoch, row.val_accuracy) == (4, 4, pytest.approx(0.871667))
    assert exposure(run.manifest, None) == "unknown"
    with pytest.raises(DigitLabError, match="does not say how it was trained"):
        fork(run, 4, run.manifest.config)
    with pytest.raises(UnreadableRun):
        classifier(run.folder)
    page = html_report(run.folder, run.manifest, run.status, None, None, 4)
    assert "Trained elsewhere · 4 epochs" in page
    assert page.count("<td>unknown</td>") == 4
    assert "MNIST" not in page
    assert "nan" not in page


def test_the_run_as_one_file_opens_again_without_what_does_not_belong_to_it(run, tmp_path):
    def build(folder):
        raise AssertionError(folder)

    again = tmp_path / "again"
    copy = open_bundle(io.BytesIO(bundle(run.folder)), again, build=build)
    folder = RunFolder(again / copy.run_id)
    assert folder.manifest().logs == run.manifest.logs
    assert folder.epochs_csv.read_text().splitlines()[1].startswith("1,1.97979")
    own = {name: (run.folder.path / name).read_bytes() for name in ("run.json", "status.json", "epochs.csv")}
    weights = {"checkpoints/epoch-0001.weights.h5": files()["checkpoints/epoch-0001.weights.h5"]}
    with pytest.raises(DigitLabError, match="more than weights"):
        open_bundle(io.BytesIO(packed({**own, **weights})), again, build=build)
    copy = open_bundle(io.BytesIO(packed({**own, "model.tflite": b"x"})), again, build=build)
    assert not (again / copy.run_id / "model.tflite").exists()


@pytest.mark.parametrize(
    "logs",
    [{}, {"names": []}, {"names": "ab", "left_out": [], "skipped": 0}, {"names": [3], "left_out": [], "skipped": 0}],
)
def test_a_manifest_with_other_logs_is_not_read(run, logs):
    path = run.folder.path / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "logs": logs}))
    with pytest.raises(UnreadableRun):
        run.folder.manifest()
