"""The table of the drawing benchmark."""

import numpy as np
import pytest

from benchmarks import drawing, drawn_digits
from benchmarks.bars import Row, table
from benchmarks.nondigits import ALL, GROUPS, JUDGED, drawings
from core.drawing.to_mnist import to_mnist
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from research.handwriting.nondigits import KINDS


def test_the_table_shows_whether_a_bar_is_reached():
    assert Row.share("Read", [True] * 992 + [False] * 8, at_least=99.2).cells() == (
        "Read (1,000)", "99.20 %", "98.4–99.6", "≥ 99.2 %", "ok",
    )  # fmt: skip
    assert Row(name="Read", value=99.1, at_least=99.2).cells()[-1] == "below"
    assert Row(name="Time", value=15.1, at_most=15, unit="ms").cells()[1:] == ("15.10 ms", "", "≤ 15 ms", "over")
    assert Row(name="Read", value=9).cells()[2:] == ("", "", "")
    assert Row(name="Read", problem="no strokes").cells()[-1] == "not measured: no strokes"
    assert len({len(line) for line in table([Row(name="A"), Row(name="Much longer")]).splitlines()}) == 1


@pytest.mark.parametrize("kind", JUDGED)
def test_a_kind_is_reproducible_and_not_used_for_training(kind):
    assert kind not in KINDS
    canvases = drawings(kind, 4)
    assert len({canvas.tobytes() for canvas in canvases}) == 4
    np.testing.assert_array_equal(drawings(kind, 1)[0], canvases[0])
    assert all(to_mnist(canvas).max() == 1 for canvas in canvases)


def test_drawings_have_the_requested_colors():
    canvas = np.zeros((30, 30, 4), np.uint8)
    canvas[10, 10, 3], canvas[10, 11, 3] = 255, 51
    white = drawn_digits.colored(canvas, 255, None)
    assert (white[10, 10].tolist(), white[0, 0, 3]) == ([255] * 4, 0)
    gray = drawn_digits.colored(canvas, 0, 200)
    shades = [gray[place].tolist() for place in ((10, 10), (10, 11), (0, 0))]
    assert shades == [[0, 0, 0, 255], [160, 160, 160, 255], [200, 200, 200, 255]]


def test_without_pen_strokes_the_other_rows_are_measured(monkeypatch):
    monkeypatch.delenv("DIGIT_LAB_PEN_STROKES", raising=False)
    monkeypatch.setattr(drawing, "_MOVED", 3)
    reader = drawing.Reader(RunFolder(SHIPPED_DIR / "cnn-16-36"))
    (row,) = drawing._measured(lambda: drawing._held_out_digits(reader))
    assert "DIGIT_LAB_PEN_STROKES" in row.problem
    assert drawn_digits.held_out() is None
    moved, scaled, colored = drawing._stability(reader, drawn_digits.made())
    assert colored.value == 100
    assert min(moved.value, scaled.value) > 80


def test_every_kind_of_non_digit_is_in_one_group():
    of_groups = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(of_groups) == sorted(set(ALL) - {"mirrored", "turned", "upside down"})


def test_auroc_counts_pairs_in_the_right_order_and_ties_half():
    assert drawing.auroc([3.0, 2.0], [1.0, 0.0]) == 1
    assert drawing.auroc([1.0, 0.0], [0.0, 2.0]) == pytest.approx(0.375)


def test_a_missing_run_is_reported_by_the_benchmark(capsys):
    assert drawing.main(["no-such-run"]) == 2
    assert "no-such-run" in capsys.readouterr().err
