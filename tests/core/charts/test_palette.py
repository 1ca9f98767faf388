"""Colours that can be read in either theme."""

import pytest

from core.charts.palette import DARK, LIGHT, colour_at, contrast, faded, ink, palette, stops

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def test_a_theme_that_is_not_dark_is_light():
    assert palette("dark") is DARK
    assert palette("light") is LIGHT and palette("") is LIGHT


def test_black_on_white_has_the_contrast_that_wcag_gives_it():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.01)


def test_a_colour_between_two_is_their_mean():
    assert colour_at(("#000000", "#FFFFFF"), 0.5) == "#808080"
    assert colour_at(("#000000", "#102030", "#FFFFFF"), 0.5) == "#102030"
    assert colour_at(("#000000", "#FFFFFF"), 7) == "#FFFFFF"


@BOTH
def test_text_is_readable_on_every_ground_that_it_may_stand_on(colours):
    assert min(contrast(colours.quiet, ground) for ground in (colours.background, colours.panel)) >= 4.5
    assert contrast(colours.text, colours.bar) >= 4.5
    for scale in (colours.errors, colours.difference):
        grounds = [colour_at(scale, place / 100) for place in range(101)]
        # the best that one of two inks can do on a ground half way between them
        assert min(contrast(ink(colours, ground), ground) for ground in grounds) >= 3.9


@BOTH
def test_lines_stand_out_from_the_ground(colours):
    for colour in (colours.training, colours.validation, colours.test, colours.wrong):
        assert contrast(colour, colours.background) >= 3
    assert len(set(colours.classes)) == 10


def test_scales_and_transparency_are_written_as_plotly_reads_them():
    assert stops(("#000000", "#888888", "#FFFFFF")) == [[0, "#000000"], [0.5, "#888888"], [1, "#FFFFFF"]]
    assert faded("#102030", 0.5) == "rgba(16,32,48,0.5)"
