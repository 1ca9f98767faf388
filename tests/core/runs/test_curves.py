"""Reading CSVs that grow, are damaged and are replaced."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.curves import CurveReader, best_epoch
from core.runs.folder import BATCH_COLUMNS

COLUMNS = ("epoch", "loss")


def test_reads_only_what_is_new_and_waits_for_whole_lines(tmp_path):
    path = tmp_path / "epochs.csv"
    reader = CurveReader(path, COLUMNS)
    assert reader.read() == []
    path.write_text("epoch,loss\n1,0.5\n2,0.", encoding="utf-8")
    assert reader.read() == [(1, 0.5)]
    with path.open("a", encoding="utf-8") as file:
        file.write("25\n3,\n")
    rows = reader.read()
    assert rows[:2] == [(1, 0.5), (2, 0.25)]
    assert math.isnan(rows[2][1])
    assert reader.column("epoch") == [1, 2, 3]
    assert reader.generation == 0


def test_damaged_lines_are_skipped(tmp_path):
    path = tmp_path / "epochs.csv"
    path.write_bytes(b"epoch,loss\n1,0.5\n2,0.4,0.3\nx,y\nnan,1\ninf,1\n-1,1\n\xff\xfe\n3,0.2\n")
    assert CurveReader(path, COLUMNS).read() == [(1, 0.5), (3, 0.2)]


def test_a_replaced_file_is_read_from_its_start(tmp_path):
    path = tmp_path / "epochs.csv"
    path.write_text("epoch,loss\n1,0.5\n2,0.4\n", encoding="utf-8")
    reader = CurveReader(path, COLUMNS)
    reader.read()
    other = tmp_path / "other"
    other.write_text("epoch,loss\n1,0.6\n", encoding="utf-8")
    other.replace(path)
    assert reader.read() == [(1, 0.6)]
    assert reader.generation == 1


@given(st.binary(max_size=200))
def test_no_content_makes_the_reader_raise(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("csv") / "epochs.csv"
    path.write_bytes(content)
    CurveReader(path, COLUMNS).read()


def test_an_unreadable_file_has_no_rows_and_raises_only_when_strict(tmp_path):
    path = tmp_path / "epochs.csv"
    path.mkdir()
    assert CurveReader(path, COLUMNS).read() == []
    with pytest.raises(OSError, match="irectory"):
        CurveReader(path, COLUMNS, strict=True).read()


@pytest.mark.parametrize(
    "damage", [None, "1,2", "1,2,3,4,5,6,7", "1,,3,4,5", "-1,2,3,4,5", "1,2,4e38,4,5", "nan,2,3,4,5", ""]
)
def test_lines_parsed_at_once_give_the_rows_of_single_lines(tmp_path, damage):
    lines = [f"{n // 100 + 1},{n % 100},{1 / (n + 1)},{n % 7 / 7},{'inf' if n == 9 else 'nan'}" for n in range(1_000)]
    if damage is not None:
        lines[500] = damage
    at_once, one_by_one = tmp_path / "whole.csv", tmp_path / "growing.csv"
    at_once.write_text("\n".join([",".join(BATCH_COLUMNS), *lines]) + "\n")
    reader = CurveReader(one_by_one, BATCH_COLUMNS)
    with one_by_one.open("w") as file:
        for line in lines:
            file.write(line + "\n")
            file.flush()
            reader.read()
    assert repr(CurveReader(at_once, BATCH_COLUMNS).read()) == repr(reader.rows)
    assert len(reader.rows) == 1_000 - (damage not in (None, "1,,3,4,5"))


def test_a_line_with_an_implausible_number_is_skipped(tmp_path):
    path = tmp_path / "epochs.csv"
    path.write_text("epoch,loss\n1,0.5\n2,1e300\n3,inf\n4,0.2\n", encoding="utf-8")
    assert [row[0] for row in CurveReader(path, COLUMNS).read()] == [1, 3, 4]


def test_the_best_epoch_has_the_lowest_validation_loss_or_is_the_last():
    def row(epoch, val_loss):
        return (epoch, 0.1, 0.9, val_loss, 0.9, 0.001, 1.0)

    assert best_epoch([]) is None
    assert best_epoch([row(1, 0.3), row(2, 0.2), row(3, 0.25)]) == 2
    assert best_epoch([row(1, math.nan), row(2, math.nan)]) == 2
