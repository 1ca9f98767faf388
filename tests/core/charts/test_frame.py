"""The frame that all charts share."""

import json

import pytest

from core.charts.frame import CONFIG, picture_config, whole_ticks


def test_the_config_is_json_and_names_the_picture():
    config = json.loads(json.dumps(picture_config("confusion", "svg")))
    assert config["toImageButtonOptions"]["filename"] == "confusion"
    assert config["toImageButtonOptions"]["format"] == "svg"
    assert "toImage" not in config["modeBarButtonsToRemove"]
    assert "toImageButtonOptions" not in CONFIG


@pytest.mark.parametrize(("last", "step"), [(1, 1), (8, 1), (9, 2), (20, 5), (3200, 500)])
def test_ticks_are_few_whole_numbers(last, step):
    assert whole_ticks(last)["dtick"] == step
