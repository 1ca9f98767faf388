"""The lesson on gradient descent draws the paths as computed."""

import numpy as np

from core.charts.descent import curves, plane
from core.data.datasets import load
from core.explain.lessons.descent import IMAGES, MOMENTS, PASSES, Problem, descend
from tests.pages.learn.conftest import played, rest
from tests.pages.shown import widget


def test_the_paths_are_drawn_as_computed(lesson):
    data = load("mnist-5k")
    found = descend(Problem.of(data.train_images[:IMAGES], data.train_labels[:IMAGES]), rate=0.3, batch_size=64)
    test = lesson("descent", rate=0.3, batch=64)
    sent = played(test)
    assert (sent["at"], sent["last"], sent["images"]) == (MOMENTS, MOMENTS, IMAGES * PASSES)
    for path, drawn in zip(found.paths, sent["paths"], strict=True):
        assert drawn["updates"] == path.updates.tolist()
        assert drawn["images"] == path.images.tolist()
        np.testing.assert_allclose([float(loss) for loss in drawn["loss"]], path.loss, rtol=1e-3)
    for places, drawn in zip(curves(found, "images").paths, sent["curves"]["paths"], strict=True):
        np.testing.assert_allclose(drawn, places, atol=1e-3)
    for places, drawn in zip(plane(found).paths, sent["plane"]["paths"], strict=True):
        np.testing.assert_allclose(drawn, places, atol=1e-3)
    widget(test, "select_slider", "view.rate").set_value(0.01).run()
    assert test.query_params["rate"] == "0.01"
    assert played(test)["digest"] != sent["digest"]
    assert "step" not in rest(rest(test, 5), MOMENTS).query_params
