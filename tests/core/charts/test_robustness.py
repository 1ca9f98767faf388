"""Lines over the amount of a change, with the changed digits above them."""

import base64
import io

import numpy as np
from PIL import Image

from core.charts.palette import DARK, LIGHT
from core.charts.robustness import MOST_LINES, robustness_figure, signed

AMOUNTS = (-1, 0, 1)


def figure(lines, *, pictures=None, colors=LIGHT):
    return robustness_figure(lines, AMOUNTS, x_title="x", y_title="y", pictures=pictures, colors=colors, height=200)


def test_runs_lines_differ_in_more_than_color():
    drawn = figure([(f"run {i}", [0.25 * i, 0.75, 0.5]) for i in range(MOST_LINES)])
    assert [list(trace.y) for trace in drawn.data] == [[25 * i, 75, 50] for i in range(MOST_LINES)]
    assert [trace.name for trace in drawn.data] == [f"run {i}" for i in range(MOST_LINES)]
    assert len({trace.line.dash for trace in drawn.data}) == len({trace.marker.symbol for trace in drawn.data}) == 4


def test_each_amount_has_its_picture_in_the_themes_colors():
    pictures = np.zeros((3, 28, 28), np.uint8)
    pictures[range(3), 0, range(3)] = 255
    for colors, ink in ((LIGHT, 0), (DARK, 255)):
        drawn = figure([], pictures=pictures, colors=colors)
        assert [image.x for image in drawn.layout.images] == list(AMOUNTS)
        for place, image in enumerate(drawn.layout.images):
            png = base64.b64decode(image.source.partition(",")[2])
            pixels = np.asarray(Image.open(io.BytesIO(png)))
            assert pixels.shape == (28, 28)
            assert np.argwhere(pixels == ink).tolist() == [[0, place]]


def test_amounts_have_signs():
    assert [signed(amount) for amount in (-0.5, 0, 15)] == ["−0.5", "0", "+15"]
    assert signed(0.3, both=False) == "0.3"
