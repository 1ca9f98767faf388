"""The charts of the Data page show the counts they are given."""

from core.charts.class_balance import class_balance_figure
from core.charts.data_split import data_split_figure
from core.charts.palette import palette


def test_class_and_part_bars_differ_in_more_than_color():
    train, test = list(range(10, 20)), list(range(1, 11))
    first, second = class_balance_figure(
        train, test, classes=tuple("0123456789"), colors=palette("light"), height=200
    ).data
    assert (list(first.y), list(second.y)) == (train, test)
    assert first.customdata[9][1] == "9"
    assert second.marker.pattern.shape != first.marker.pattern.shape
    assert first.customdata[0][0] == 100 * 10 / sum(train)


def test_each_split_is_a_bar_of_all_images():
    ways = {"none": {"training": 60, "test": 10}, "held out": {"training": 48, "validation": 12, "test": 10}}
    traces = data_split_figure(ways, colors=palette("dark"), height=200).data
    assert {trace.name: list(trace.x) for trace in traces} == {
        "Training": [60, 48],
        "Validation": [0, 12],
        "Test": [10, 10],
    }
    assert list(traces[1].text) == ["", "12"]
