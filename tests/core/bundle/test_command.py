"""`digit-lab open` opens what the Runs page opens."""

import pytest

from core.bundle.__main__ import main
from core.bundle.write import bundle
from core.runs.store import RunStore
from tests.finished_models import keras_file
from tests.kept_logs import ALL, FOLDER, HISTORY, TABLE


@pytest.fixture
def opening(tmp_path, monkeypatch, capsys):
    """The exit status of the command, and what it printed."""
    monkeypatch.setenv("DIGIT_LAB_RUNS", str(tmp_path / "runs"))

    def call(*paths):
        status = main([str(path) for path in paths])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return call


def test_a_folder_of_logs_is_the_run_of_its_files_and_opened_once(opening, tmp_path):
    status, line = opening(FOLDER)
    (run,) = RunStore(tmp_path / "runs", tmp_path / "none").runs()
    assert (status, line) == (0, f"{run.id}: {run.name}, epochs: 4\n")
    assert set(run.manifest.logs.names) == set(ALL)
    assert opening(*(FOLDER / name for name in ALL)) == (0, line.replace("\n", " (already opened)\n"))
    # a run that is opened from its own file is another one
    (tmp_path / "run.digitlab.zip").write_bytes(bundle(run.folder))
    status, line = opening(tmp_path / "run.digitlab.zip")
    assert (status, line.startswith(run.id)) == (0, False)


def test_an_unusable_file_is_reported_in_one_line(opening, tmp_path):
    (tmp_path / "digits.keras").write_bytes(keras_file())
    (tmp_path / "run.zip").write_bytes(b"PK\3\4")
    (tmp_path / "model.ckpt.index").write_bytes(b"\0")
    for paths, reason in (
        (["missing.csv"], "missing.csv cannot be read: No such file"),
        (["digits.keras"], "digits.keras is a model. Name the data set"),
        (["digits.keras", "--dataset", "digits"], "There is no data set digits. Choose from: mnist, mnist-5k"),
        (["run.zip", FOLDER / TABLE], "run.zip is a whole run; open it by itself"),
        (["model.ckpt.index", FOLDER / HISTORY], "model.ckpt.index: it is a checkpoint of TensorFlow"),
    ):
        given = [path if str(path).startswith("-") or path == "digits" else tmp_path / path for path in paths]
        status, line = opening(*given)
        assert (status, line.count("\n")) == (2, 1)
        assert reason in line
