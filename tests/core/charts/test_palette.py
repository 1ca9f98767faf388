"""Colors are readable in both themes."""

import numpy as np
import pytest

from core.charts.palette import DARK, LIGHT, color_at, contrast, ink

BOTH = pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_matches_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.01)


def test_a_color_halfway_is_the_mean():
    assert color_at(("#000000", "#FFFFFF"), 0.5) == "#808080"
    assert color_at(("#000000", "#102030", "#FFFFFF"), 0.5) == "#102030"
    assert color_at(("#000000", "#FFFFFF"), 7) == "#FFFFFF"


@BOTH
def test_text_is_readable_on_every_background(colors):
    grounds = (colors.background, colors.panel)
    assert min(contrast(text, ground) for text in (colors.quiet, colors.literal) for ground in grounds) >= 4.5
    assert contrast(colors.text, colors.bar) >= 4.5
    for scale in (colors.errors, colors.difference):
        grounds = [color_at(scale, place / 100) for place in range(101)]
        assert min(contrast(ink(colors, ground), ground) for ground in grounds) >= 4.5
        # the theme's own colors where they are readable
        assert ink(colors, grounds[-1] if colors is DARK else grounds[0]) in (colors.text, colors.background)


@BOTH
def test_lines_stand_out_from_the_background(colors):
    for color in (colors.training, colors.validation, colors.test, colors.wrong):
        assert contrast(color, colors.background) >= 3
    for color in colors.runs:
        assert min(contrast(color, ground) for ground in (colors.background, colors.panel)) >= 3
    assert len(set(colors.classes)) == len(set(colors.runs)) == 10


# Machado, Oliveira and Fernandes, 2009: how red and green look to those who cannot tell them apart
PROTANOPIA = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTERANOPIA = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]


@BOTH
@pytest.mark.parametrize("sight", [np.eye(3), PROTANOPIA, DEUTERANOPIA], ids=["all", "no red", "no green"])
def test_the_colors_of_runs_can_be_told_apart_by_the_color_blind(colors, sight):
    shown = np.array([[int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)] for color in colors.runs])
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    seen = oklab(np.clip(linear @ np.transpose(sight), 0, 1))
    distances = np.linalg.norm(seen[:, None] - seen[None], axis=2)
    # the smallest difference that people notice is about 0.02
    assert distances[np.triu_indices(len(seen), 1)].min() > 0.08


def oklab(linear):
    """Linear sRGB (n, 3) as Oklab (Ottosson, 2020), in which equal distances look equally different."""
    cones = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    opponents = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.cbrt(linear @ np.transpose(cones)) @ np.transpose(opponents)
