"""The frame that all charts share."""

import json

import pytest

from core.charts.frame import CONFIG, enlarged, framed, picture_config, whole_ticks
from core.charts.palette import palette


def test_the_config_is_json_and_names_the_picture():
    config = json.loads(json.dumps(picture_config("confusion", "svg")))
    assert config["toImageButtonOptions"]["filename"] == "confusion"
    assert config["toImageButtonOptions"]["format"] == "svg"
    assert "toImage" not in config["modeBarButtonsToRemove"]
    assert "toImageButtonOptions" not in CONFIG


@pytest.mark.parametrize(("last", "step"), [(1, 1), (8, 1), (9, 2), (20, 5), (3200, 500)])
def test_ticks_are_few_whole_numbers(last, step):
    assert whole_ticks(last)["dtick"] == step


def test_an_enlarged_figure_has_larger_letters_and_room_for_them():
    trace = {"type": "scatter", "x": [1], "y": [2], "marker": {"size": 6}, "textfont": {"size": 10}}
    figure = framed([trace], palette("light"), 300, annotations=[{"text": "a", "font": {"size": 10}}])
    larger = enlarged(figure, 1.5)
    assert larger.layout.font.size == 1.5 * figure.layout.font.size
    assert larger.layout.xaxis.tickfont.size == 1.5 * figure.layout.xaxis.tickfont.size
    assert larger.layout.yaxis.title.font.size == 1.5 * figure.layout.yaxis.title.font.size
    assert (larger.layout.margin.l, larger.layout.margin.b) == (84, 72)
    assert (larger.data[0].textfont.size, larger.layout.annotations[0].font.size) == (15, 15)
    assert (larger.data[0].marker.size, larger.layout.height) == (6, 300)
