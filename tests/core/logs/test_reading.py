"""Strangers' logs are read in a process of its own, with limits."""

import io

import pytest

from core.errors import UnreadableRun
from core.logs.reading import MOST_FILES, read, read_logs
from tests.kept_logs import ALL, LOSS, opened


def test_the_files_of_one_training_come_back_as_its_rows(tmp_path):
    (training,) = read_logs(opened(*ALL), tmp_path)
    assert [row[0] for row in training.rows] == [1, 2, 3, 4]
    assert [row[1] for row in training.rows] == pytest.approx(LOSS, abs=1e-6)
    assert set(training.names) == set(ALL)
    assert training.exploded is None


def lay(folder, **files):
    (folder / "names.json").write_text(str(list(files)).replace("'", '"'))
    for number, content in enumerate(files.values()):
        (folder / str(number)).write_bytes(content)


def test_a_refusal_names_the_file(tmp_path):
    lay(tmp_path, good=b"epoch,loss\n0,1\n", bad=b"nothing")
    with pytest.raises(UnreadableRun, match=r"^bad: it is not a log"):
        read(tmp_path)


def test_more_epochs_than_a_run_has_are_refused(tmp_path):
    lay(tmp_path, long=b"epoch,loss\n" + b"".join(b"%d,1\n" % epoch for epoch in range(1001)))
    with pytest.raises(UnreadableRun, match="long: it goes up to epoch 1,001; the limit is 1,000"):
        read(tmp_path)


def test_the_first_loss_that_is_not_a_number_is_found(tmp_path):
    lay(tmp_path, nan=b"epoch,loss,acc\n0,1,0.5\n1,inf,0.1\n2,nan,0.1\n")
    (training,) = read(tmp_path)
    assert training["exploded"] == 2
    assert training["rows"][1] == [2, None, 0.1, None, None, None]


def test_a_reader_that_takes_too_long_is_ended(tmp_path):
    with pytest.raises(UnreadableRun, match="takes too long"):
        read_logs([("a.csv", io.BytesIO(b"epoch,loss\n0,1\n"))], tmp_path, timeout=0.01)


def test_too_many_files_are_refused(tmp_path):
    with pytest.raises(UnreadableRun, match="they are more than 200"):
        read_logs([("a", io.BytesIO())] * (MOST_FILES + 1), tmp_path)
