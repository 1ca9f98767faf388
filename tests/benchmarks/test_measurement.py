"""Measurements and their table."""

import pytest

from benchmarks.measurement import Measurement, charted, table, write_between_marks


def verdict(measurement):
    return measurement.row()[-1]


def test_the_median_ignores_one_slow_turn():
    row = Measurement.of("Click", "ms", [90, 100, 900], [50, 40, 400], against="bare page", limit=150)
    assert row.row() == ("Click (3)", "100 ms", "50 ms (bare page)", "2.00", "150 ms", "ok")


def test_a_limit_can_be_a_value_or_a_multiple():
    assert verdict(Measurement.of("Click", "ms", [151], limit=150)) == "over"
    assert verdict(Measurement.of("Click", "ms", [150], limit=150)) == "ok"
    assert verdict(Measurement.of("Text", "s", [1.6], [1.0], times=1.5)) == "over"
    assert verdict(Measurement.of("Text", "s", [1.4], [1.0], times=1.5)) == "ok"
    assert verdict(Measurement.of("Memory", "MB", [1.4], [1.0])) == ""
    assert verdict(Measurement(name="live", problem="no Chromium")) == "not measured: no Chromium"


def test_a_table_is_aligned_and_gives_growing_figures_bars():
    assert "| 1,234 MB |" in table([Measurement.of("A longer name", "MB", [1234.5], limit=1100)])
    rows = charted(
        [Measurement.of("1", "s", [1]), Measurement.of("4", "s", [4]), Measurement(name="8", problem="gone")]
    )
    lines = table([*rows, Measurement.of("other", "MB", [9])]).splitlines()
    assert [line.count("█") for line in lines[2:]] == [6, 24, 0, 0]
    assert len({len(line) for line in lines}) == 1


def test_a_table_replaces_only_the_previous_one_of_its_name(tmp_path):
    document = tmp_path / "benchmarks.md"
    marks = "<!-- table{} -->\nold \\1\n<!-- end of table -->\n"
    document.write_text("before\n" + marks.format("") + marks.format(" live") + "after\n", encoding="utf-8")
    for new in (r"first \1", "| second |"):
        write_between_marks(document, new)
    write_between_marks(document, "new", "live")
    expected = "before\n<!-- table -->\n\n| second |\n\n<!-- end of table -->\n"
    expected += "<!-- table live -->\n\nnew\n\n<!-- end of table -->\nafter\n"
    assert document.read_text(encoding="utf-8") == expected
    with pytest.raises(ValueError, match="no lines"):
        write_between_marks(document, "table", "unknown")
    assert document.read_text(encoding="utf-8") == expected


def test_a_figure_without_a_unit_has_three_decimals():
    row = Measurement.of("Layout shift", "", [0.0213], limit=0.02).row()
    assert row[1:] == ("0.021", "", "", "0.020", "over")
