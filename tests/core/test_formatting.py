"""Numbers formatted for people."""

import math

import pytest

from core import formatting as figures
from core.text import speaking


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (9.54, "9.5 s"),
        (59.94, "59.9 s"),
        (59.96, "1:00"),
        (72, "1:12"),
        (3599.6, "1:00:00"),
        (3729, "1:02:09"),
    ],
)
def test_duration(seconds, text):
    assert figures.duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (47.96, "48 s"), (59.6, "1:00"), (72, "1:12")])
def test_an_estimated_time_has_no_decimals(seconds, text):
    assert figures.rough_duration(seconds) == text


def test_a_huge_loss_is_formatted_briefly():
    assert [figures.loss(v) for v in (999_999, 3.178e10, 8.969e29)] == ["999999", "3.18·10¹⁰", "8.97·10²⁹"]


def test_a_probability_is_never_certain():
    assert [figures.probability(share) for share in (0, 4e-5, 6e-5, 0.98123, 0.99994, 0.99996, 1)] == [
        *("<\xa00.01\xa0%", "<\xa00.01\xa0%", "0.01\xa0%", "98.12\xa0%"),
        *("99.99\xa0%", ">\xa099.99\xa0%", ">\xa099.99\xa0%"),
    ]


def test_a_format_of_percent_is_written_as_the_language_writes_it():
    assert figures.percent_format("%+d") == "%+d\xa0%%"
    with speaking("zh-Hant"):
        assert figures.percent_format("%+d") == "%+d%%"


def test_percent_and_loss():
    assert figures.percent(0.98123) == "98.12\xa0%"
    assert figures.percent(None) == figures.loss(None) == figures.loss(math.nan) == "–"
    assert [figures.loss(v) for v in (2.302585, 0.0312345, 0.00034389, 0, 1231.91)] == [
        "2.303",
        "0.03123",
        "0.00034",
        "0",
        "1232",
    ]


def test_rates_are_formatted_without_exponents():
    assert [figures.rate(v) for v in (0.001, 0.0010000000475, 0.00001, 1, 0.3)] == [
        "0.001",
        "0.001",
        "0.00001",
        "1",
        "0.3",
    ]


def test_a_probability_near_one_is_formatted_as_a_difference_from_one():
    assert figures.scientific(0.9999697) == "1 − 3.03·10⁻⁵"
    assert figures.scientific(1.0000302) == "1 + 3.02·10⁻⁵"
    assert (figures.scientific(0.999512), figures.scientific(1.000488)) == ("0.999512", "1.000488")
    assert (figures.scientific(1), figures.scientific(0.998), figures.scientific(0.0)) == ("1", "0.998", "0")
    assert figures.bracketed(figures.scientific(1.0000302)) == "(1 + 3.02·10⁻⁵)"
    assert figures.bracketed("0.998") == "0.998"


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (1e-7, "0.0000001"), (3e-9, "3e-09"), (0, "0"), (2, "2")]
)
def test_a_learning_rate_is_never_shown_as_zero(value, text):
    assert figures.rate(value) == text
