"""Statistics of weights and units, against the network's own outputs."""

import numpy as np
import pytest

from core.config.network import CNN
from core.config.run import RunConfig
from core.data import datasets
from core.errors import UnreadableRun
from core.explain.forward import table_of
from core.explain.weight_statistics import BINS, activity, histogram, kernels, learning_layers, moved
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import weights_by_layer

FOLDER = RunFolder(SHIPPED_DIR / "cnn-16-36-5k")


@pytest.fixture(scope="module")
def images():
    return datasets.load("mnist-5k").test_images[:120]


def test_units_that_are_0_for_all_digits_are_silent(images):
    network = load(FOLDER, 1)
    outputs = [network.activations(image.astype(np.float32) / 255) for image in images]
    found = activity(FOLDER, 1, images)
    assert list(found) == ["conv_1", "conv_2", "dense_1", "output"]
    for name in ("conv_1", "conv_2", "dense_1"):
        values = np.stack([output[name] for output in outputs])
        by_unit = values.reshape(-1, values.shape[-1])
        assert (found[name].silent, found[name].units) == (int((by_unit.max(axis=0) <= 0).sum()), by_unit.shape[1])
        assert found[name].zeros == pytest.approx((values == 0).mean(), abs=1e-4)
        assert found[name].sample.mean() == pytest.approx(values.mean(), rel=0.1)
        assert found[name].sample.max() <= values.max() + 1e-5
    assert found["output"].silent is None


def test_movement_is_the_relative_norm_of_the_difference():
    table = table_of(FOLDER)
    first, last = (weights_by_layer(FOLDER.weights(epoch), table) for epoch in (0, 5))
    found = moved(FOLDER, 5)
    for name, distance in found.items():
        a, b = (weights[name][0].astype(np.float64) for weights in (first, last))
        assert distance == pytest.approx(np.sqrt(((b - a) ** 2).sum()) / np.sqrt((a**2).sum()), rel=1e-4)
    assert set(moved(FOLDER, 0).values()) == {0.0}
    assert all(np.array_equal(values, last[name][0].ravel()) for name, values in kernels(last, table).items())


def test_an_epoch_without_weights_raises_unreadable_run():
    with pytest.raises(UnreadableRun):
        moved(FOLDER, 4)
    with pytest.raises(UnreadableRun):
        activity(FOLDER, 4, datasets.load("mnist-5k").test_images[:2])


def test_after_batch_normalization_the_activation_gives_the_output():
    found = learning_layers(RunConfig(network=CNN(batch_normalization=True)).layer_table)
    assert {name: row.layer.name for name, row in found.items() if name.startswith("conv")} == {
        "conv_1": "conv_relu_1",
        "conv_2": "conv_relu_2",
    }


def test_both_histograms_share_their_bins_and_count_every_value():
    random = np.random.default_rng(0)
    now, before = (
        random.normal(0.1, 0.5, 5000).astype(np.float32),
        random.uniform(-0.1, 0.1, (10, 10)).astype(np.float32),
    )
    found = histogram(now, before)
    assert found.now.sum() == pytest.approx(1)
    assert found.untrained.sum() == pytest.approx(1)
    assert len(found.edges) == BINS + 1
    assert found.edges[BINS // 2] == pytest.approx(0, abs=1e-9)
    inside = (now >= found.edges[25]) & (now < found.edges[26])
    assert found.now[25] == pytest.approx(inside.mean())


def test_a_histogram_of_nonnegative_values_starts_at_0():
    found = histogram(np.array([0.5, 2.0], np.float32), np.empty(0, np.float32))
    assert found.edges[0] == 0
    assert found.untrained.sum() == 0
    nothing = histogram(np.empty(0, np.float32), np.empty(0, np.float32))
    assert nothing.edges[-1] > nothing.edges[0]
