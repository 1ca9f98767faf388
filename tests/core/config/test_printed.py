"""A printed history survives its file, and nothing else is taken for one."""

import math

import pytest

from core.config.printed import PrintedHistory


def test_a_history_is_read_as_it_was_written():
    history = PrintedHistory(loss=(0.5, 0.25), val_accuracy=(0.9, 0.95), test=(0.1, 0.97), test_images=1000)
    assert PrintedHistory.from_json(history.to_json()) == history
    gap = PrintedHistory.from_json(PrintedHistory(loss=(math.nan, 0.5)).to_json())
    assert math.isnan(gap.loss[0])
    assert gap.loss[1] == 0.5


@pytest.mark.parametrize(
    "values", [None, [], {"loss": "abc"}, {"loss": [1e99]}, {"test": [0.1, 7]}, {"test": [1]}, {"test_images": -1}]
)
def test_anything_else_is_not_a_history(values):
    assert PrintedHistory.from_json(values) is None
