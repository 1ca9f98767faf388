"""Colors are readable in both themes."""

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
    assert len(set(colors.classes)) == 10
