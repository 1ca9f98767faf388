"""A digit colored by the effect of covering each place."""

import numpy as np

from core.charts.occlusion import FAINTEST, occlusion_figure
from core.charts.palette import DARK, LIGHT, faded
from core.explain.occlusion import Occlusion

WHOLE = np.array([0.1, 0.8, *[0.0125] * 8], np.float32)


def found(changes, *, patch=6, step=2):
    side = 28 // step
    covered = np.tile(WHOLE, (side, side, 1))
    for place, change in changes.items():
        covered[place][1] += change
        covered[place][0] -= change
    return Occlusion(WHOLE, covered, patch, step)


def figure(occlusion, *, chosen=(0, 0), colors=LIGHT):
    image = np.zeros((28, 28), np.float32)
    image[10:18, 12:15] = 1
    return occlusion_figure(
        occlusion, image, classes=tuple("0123456789"), ink=True, label=1, chosen=chosen, colors=colors, height=300
    )


def test_harmful_covering_is_red_and_helpful_blue():
    drawn = figure(found({(3, 4): -0.5, (5, 6): 0.1}))
    digit, changes, outline, buttons = drawn.data
    assert np.isclose(changes.z[3][4], 0.5)
    assert np.isclose(changes.z[5][6], -0.1)
    assert (changes.zmin, changes.zmax) == (-0.5, 0.5)
    shades = [color for _, color in changes.colorscale]
    assert (shades[0], shades[-1]) == (faded(LIGHT.difference[0], 0.9), faded(LIGHT.difference[-1], 0.9))
    assert shades[len(shades) // 2].endswith(",0)")  # the digit shows where nothing changes
    assert digit.z.sum() == outline.z.sum() == 24
    place = [list(one) for one in buttons.customdata].index([3, 4])
    assert buttons.hovertext[place] == "row 6, column 8 covered<br>1: 80.00\xa0% → 30.00\xa0%<br>prediction: 0"


def test_places_are_drawn_on_their_pixels():
    assert list(figure(found({})).data[1].x[:3]) == [0.5, 2.5, 4.5]
    assert list(figure(found({}, step=1)).data[1].x[:3]) == [0, 1, 2]


def test_the_patch_is_framed_and_clipped_at_the_edge():
    (frame,) = figure(found({}), chosen=(5, 13)).layout.shapes
    assert (frame.y0, frame.y1, frame.x0, frame.x1) == (7.5, 13.5, 23.5, 27.5)


def test_small_changes_stay_pale():
    changes = figure(found({(1, 1): -0.001}), colors=DARK).data[1]
    assert changes.zmax == FAINTEST
