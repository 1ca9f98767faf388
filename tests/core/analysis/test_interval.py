"""Wilson's interval matches SciPy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from core.analysis.interval import difference, wilson


def check(successes, n, confidence=0.95):
    expected = binomtest(successes, n).proportion_ci(confidence, method="wilson")
    assert wilson(successes, n, confidence) == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-12)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_interval_of_any_share(share, confidence):
    check(*share, confidence)
    low, high = wilson(*share, confidence)
    assert 0 <= low <= share[0] / share[1] <= high <= 1


@pytest.mark.parametrize("n", [1, 7, 10_000])
def test_no_success_and_all_successes_reach_the_ends(n):
    check(0, n)
    check(n, n)
    assert wilson(0, n)[0] == 0
    assert wilson(n, n)[1] == 1


def test_interval_without_digits_is_0_to_1():
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize("successes", [-1, 6])
def test_an_impossible_count_is_rejected(successes):
    with pytest.raises(ValueError, match="of 5"):
        wilson(successes, 5)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
    ],
)
def test_interval_of_a_difference_matches_the_published_examples(counts, expected):
    """Newcombe (1998), table II, method 10."""
    assert difference(*counts) == pytest.approx(expected, abs=5e-5)


def test_a_difference_from_an_empty_sample_is_rejected():
    with pytest.raises(ValueError, match="empty"):
        difference(1, 2, 0, 0)
