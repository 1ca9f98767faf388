"""A logit split into its terms."""

import pytest

from core.charts.logit_sum import logit_figure
from core.charts.palette import LIGHT
from core.explain.softmax import Sum, Term
from core.text import languages, speaking


def figure(logit):
    return logit_figure(logit, name="3", colors=LIGHT, height=200)


def test_bars_are_the_terms_the_rest_the_bias_and_the_logit():
    drawn = figure(Sum((Term(7, 2.0, -1.5), Term(1, 0.5, 2.0)), 40, 0.25, 0.5))
    (bars,) = drawn.data
    assert list(bars.x) == pytest.approx([-3, 1, 0.25, 0.5, -1.25])
    assert list(drawn.layout.yaxis.ticktext) == [
        "Unit 8: 2.000 × −1.500 = −3.000",
        "Unit 2: 0.500 × 2.000 = +1.000",
        "40 others = +0.250",
        "Bias = +0.500",
        "Logit of 3 = −1.250",
    ]
    assert list(bars.marker.color) == [LIGHT.wrong, *[LIGHT.training] * 3, LIGHT.text]


def test_the_terms_are_written_as_the_language_writes_them():
    with speaking("zh-Hant"):
        drawn = figure(Sum((Term(7, 2.0, -1.5),), 0, 0.25, 0.5))
    assert drawn.layout.yaxis.ticktext[0] == "神經元 8：2.000 × −1.500 = −3.000"


@pytest.mark.parametrize("language", languages())
def test_the_longest_term_has_room_beside_the_bars(language):
    with speaking(language):
        few, many = (figure(Sum((Term(unit, 2.0, -1.5),), 0, 0.25, 0.5)) for unit in (7, 1023))
    assert many.layout.margin.l - few.layout.margin.l >= 3 * 6
    # as wide as Chromium draws it in DejaVu Sans
    assert few.layout.margin.l >= 215


def test_without_other_terms_there_is_no_bar_for_them():
    assert len(figure(Sum((Term(0, 1, 1),), 0, 0, 0)).data[0].x) == 3


def test_a_logit_of_zeros_can_be_drawn():
    assert list(figure(Sum((), 5, 0, 0)).data[0].x) == [0, 0, 0]
