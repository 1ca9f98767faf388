"""Pooling by hand matches the networks' own layers."""

import numpy as np
import pytest

from core.config.poolings import AveragePooling2D, MaxPooling2D, Pooling
from core.data import datasets
from core.explain.pooling import left_over, pooled, strongest, window
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR

KINDS = [(kind, padding) for kind in (MaxPooling2D, AveragePooling2D) for padding in ("same", "valid")]


def by_hand(maps, layer):
    """Pools one window at a time, by the layer's definition."""
    height, width, count = maps.shape
    extra = 1 if layer.padding == "same" else 0
    result = np.zeros(((height + extra) // 2, (width + extra) // 2, count), np.float32)
    for row, column, one in np.ndindex(result.shape):
        values = maps[2 * row : 2 * row + 2, 2 * column : 2 * column + 2, one]
        result[row, column, one] = values.max() if layer.kind == "max" else values.mean(dtype=np.float64)
    return result


@pytest.mark.parametrize("run", ["lenet-20-50", "cnn-16-36"])
def test_pooled_maps_match_the_network(run):
    classifier = load(RunFolder(SHIPPED_DIR / run))
    names = [row.layer.name for row in classifier.table]
    layers = [row.layer for row in classifier.table if isinstance(row.layer, Pooling)]
    assert len(layers) == 2
    for image in datasets.load("mnist-5k").test_images[:20]:
        outputs = classifier.activations(image.astype(np.float32) / 255)
        for layer in layers:
            before = outputs[names[names.index(layer.name) - 1]]
            assert np.array_equal(pooled(before, layer), outputs[layer.name])


@pytest.mark.parametrize(("kind", "padding"), KINDS)
@pytest.mark.parametrize("shape", [(6, 6, 2), (7, 7, 3), (5, 8, 1), (3, 2, 2)])
def test_odd_sizes_and_both_paddings(kind, padding, shape):
    # all negative, so that padding with zeros would win
    maps = np.random.default_rng(0).normal(-5, 1, shape).astype(np.float32)
    layer = kind("pool", (2, 2), padding)
    np.testing.assert_allclose(pooled(maps, layer), by_hand(maps, layer), rtol=1e-6)


@pytest.mark.parametrize(("kind", "padding"), KINDS)
def test_a_window_gives_the_value_of_its_place_in_the_pooled_map(kind, padding):
    maps = np.random.default_rng(1).normal(size=(7, 7, 1)).astype(np.float32)
    layer = kind("pool", (2, 2), padding)
    after = pooled(maps, layer)[..., 0]
    for place in np.ndindex(after.shape):
        found = window(maps[..., 0], layer, place)
        assert found.result == pytest.approx(after[place], rel=1e-6)
        if kind is MaxPooling2D:
            assert maps[found.winner][0] == after[place]
        else:
            assert found.winner is None


def test_windows_at_the_edge_of_an_odd_map_hold_fewer_values():
    one_map = np.arange(9, dtype=np.float32).reshape(3, 3)
    layer = AveragePooling2D("pool", (2, 2), "same")
    assert window(one_map, layer, (0, 1)).values.tolist() == [[2], [5]]
    assert window(one_map, layer, (1, 1)).values.tolist() == [[8]]
    assert window(one_map, layer, (1, 0)).result == 6.5
    assert left_over((3, 3), layer) == 0
    assert left_over((3, 4), MaxPooling2D("pool", (2, 2))) == 1


def test_equal_values_have_no_winner():
    found = window(np.full((4, 4), 2, np.float32), MaxPooling2D("pool", (2, 2)), (1, 1))
    assert (found.winner, found.result) == (None, 2)


def test_strongest_is_the_place_of_the_largest_value():
    assert strongest(np.array([[0, 1, 3], [3, 2, 0]], np.float32)) == (0, 2)
