"""The lesson on pooling shows the network's numbers."""

import numpy as np

from tests.pages.learn.conftest import played
from tests.pages.learn.test_convolution import image, lines
from tests.pages.shown import widget


def test_the_pooled_map_is_the_networks_and_the_mark_is_on_the_number_that_goes_on(lesson, network):
    test = lesson("pooling", filter=5, example=8)
    data, (after,) = played(test), lines(test)
    outputs = network[0].activations(image(8))
    np.testing.assert_allclose(after, outputs["pool_1"][..., 4].ravel(), atol=1e-4)
    values = np.array(data["values"])
    np.testing.assert_allclose(values, outputs["conv_1"][..., 4], atol=1e-4)
    windows = values.reshape(14, 2, 14, 2).swapaxes(1, 2).reshape(196, 4)
    for window, mark, result in zip(windows, data["marked"], after, strict=True):
        assert window[mark] == result if mark >= 0 else window.min() == window.max()
    widget(test, "button_group", "view.pool").set_value("average").run()
    np.testing.assert_allclose(lines(test)[0], windows.mean(axis=1), atol=1e-4)
    assert set(played(test)["marked"]) == {-1}
