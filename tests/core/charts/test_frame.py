"""The frame that all charts share."""

import json

import pytest

from core.charts.frame import CONFIG, framed, picture_config, whole_ticks
from core.charts.palette import DARK


def test_the_config_is_json_and_names_the_picture():
    config = json.loads(json.dumps(picture_config("confusion", "svg")))
    assert config["toImageButtonOptions"]["filename"] == "confusion"
    assert config["toImageButtonOptions"]["format"] == "svg"
    assert "toImage" not in config["modeBarButtonsToRemove"]
    assert "toImageButtonOptions" not in CONFIG


def test_a_chart_overrides_only_the_layout_that_it_gives():
    layout = framed([], DARK, 300, xaxis={"title": {"text": "Epoch"}}, margin={"t": 40}).layout
    assert layout.xaxis.title.text == "Epoch" and layout.xaxis.title.font.color == DARK.quiet
    assert layout.margin.t == 40 and layout.margin.l > 0
    assert layout.height == 300


@pytest.mark.parametrize(("last", "step"), [(1, 1), (8, 1), (9, 2), (20, 5), (3200, 500)])
def test_ticks_are_few_whole_numbers(last, step):
    assert whole_ticks(last)["dtick"] == step
