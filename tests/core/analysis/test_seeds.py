"""What runs with different seeds have in common, and how far apart they lie."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.seeds import band, same_but_seed, spread
from core.config.presets import PRESETS

FLOATS = st.floats(0, 100)


def test_only_the_seed_may_differ():
    run = PRESETS["cnn-16-36"]
    key = same_but_seed(run)
    assert key == same_but_seed(run.replace(seed=99))
    assert {key: "found"}[same_but_seed(run.replace(seed=5))] == "found"
    assert key == same_but_seed(run.replace(preset="cnn"))
    for change in ({"learning_rate": 0.0003}, {"dense_units": (64,)}, {"dataset": "mnist-5k"}, {"epochs": 3}):
        assert key != same_but_seed(run.replace(**change))


@given(st.lists(FLOATS, min_size=2, max_size=30))
def test_spread_is_numpys(values):
    found = spread(values)
    assert (found.low, found.high, found.n) == (np.min(values), np.max(values), len(values))
    assert found.mean == pytest.approx(np.mean(values))
    assert found.sd == pytest.approx(np.std(values, ddof=1), abs=1e-6)


def test_one_value_has_no_deviation_and_none_has_nothing():
    one = spread([0.99])
    assert (one.mean, one.low, one.high, one.n) == (0.99, 0.99, 0.99, 1)
    assert math.isnan(one.sd)
    none = spread([])
    assert none.n == 0
    assert np.isnan([none.mean, none.low, none.high, none.sd]).all()


def test_a_band_ends_with_the_shortest_curve():
    table = band([[3, 2, 1], [5, 2], [4, 8, 9, 9]])
    assert table.to_dict("index") == {1: {"mean": 4, "low": 3, "high": 5}, 2: {"mean": 4, "low": 2, "high": 8}}
    assert table.index.name == "epoch"


@given(st.lists(st.lists(FLOATS, max_size=6), max_size=5))
@settings(max_examples=50)
def test_a_band_is_the_spread_of_each_epoch(curves):
    table = band(curves)
    assert table.columns.tolist() == ["mean", "low", "high"]
    assert len(table) == min(map(len, curves), default=0)
    for epoch, row in table.iterrows():
        at = spread([curve[epoch - 1] for curve in curves])
        assert row.tolist() == pytest.approx([at.mean, at.low, at.high])


def test_a_figure_that_a_run_does_not_have_leaves_a_gap():
    assert band([[1, math.nan], [3, 4]])["mean"].isna().tolist() == [False, True]
