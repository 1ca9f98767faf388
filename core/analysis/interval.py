"""How far a share of so few or so many digits can be trusted."""

import math
from statistics import NormalDist


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a share of successes, low and high in 0 to 1; all of it where n is 0.

    Wilson's score interval (1927), without correction for continuity. Raises ValueError where there are more
    successes than n or fewer than 0.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = successes / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    half = math.sqrt(share * (1 - share) * weight + weight * weight / 4) / (1 + weight)
    # at the ends the bound is exact, but for rounding
    return 0.0 if successes == 0 else middle - half, 1.0 if successes == n else middle + half
