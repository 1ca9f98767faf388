"""Confidence intervals for shares of a finite number of digits."""

import math
from statistics import NormalDist


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence interval (low, high) of successes / n, within 0 to 1; (0, 1) if n is 0.

    Wilson's score interval (1927), without continuity correction. Raises ValueError unless 0 <= successes <= n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = successes / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    half = math.sqrt(share * (1 - share) * weight + weight * weight / 4) / (1 + weight)
    # exactly 0 or 1 at the ends, which rounding would miss
    return 0.0 if successes == 0 else middle - half, 1.0 if successes == n else middle + half


def difference(right: int, n: int, other_right: int, other_n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence interval (low, high) of right / n - other_right / other_n for two independent samples.

    Newcombe's hybrid of two Wilson intervals (1998, method 10). Raises ValueError as `wilson` does, and if a sample is
    empty.
    """
    if not n or not other_n:
        raise ValueError("A sample is empty.")
    one, other = right / n, other_right / other_n
    (low, high), (other_low, other_high) = wilson(right, n, confidence), wilson(other_right, other_n, confidence)
    below = math.hypot(one - low, other_high - other)
    above = math.hypot(high - one, other - other_low)
    return one - other - below, one - other + above
