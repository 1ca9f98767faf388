"""Runs with different seeds: how far apart they are."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.seeds import band

FLOATS = st.floats(0, 100)


def test_a_band_ends_with_the_shortest_curve():
    table = band([[3, 2, 1], [5, 2], [4, 8, 9, 9]])
    assert table.to_dict("index") == {1: {"mean": 4, "low": 3, "high": 5}, 2: {"mean": 4, "low": 2, "high": 8}}
    assert table.index.name == "epoch"


@given(st.lists(st.lists(FLOATS, max_size=6), min_size=1, max_size=5))
@settings(max_examples=50)
def test_a_band_is_the_mean_and_the_range_of_each_epoch(curves):
    table = band(curves)
    assert table.columns.tolist() == ["mean", "low", "high"]
    assert len(table) == min(map(len, curves))
    for epoch, row in table.iterrows():
        values = [curve[epoch - 1] for curve in curves]
        assert row.tolist() == pytest.approx([np.mean(values), np.min(values), np.max(values)])


def test_a_missing_value_leaves_a_gap_in_the_band():
    assert band([[1, math.nan], [3, 4]])["mean"].isna().tolist() == [False, True]
