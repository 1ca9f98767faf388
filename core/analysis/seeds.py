"""Runs that differ only in their seed: how far apart their curves are."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

MANY_SEEDS = 3
"""From this many seeds on, runs that differ only in their seed are shown as one: in charts, in lists."""


def band(curves: Sequence[Sequence[float]]) -> pd.DataFrame:
    """Mean, low and high of the curves, one row per epoch from 1 up to the last that all of them reached.

    Later epochs would average fewer runs, so the mean would jump for no reason.
    """
    epochs = min(map(len, curves))
    values = np.array([curve[:epochs] for curve in curves], dtype=np.float64).reshape(len(curves), epochs)
    index = pd.RangeIndex(1, epochs + 1, name="epoch")
    return pd.DataFrame(
        {"mean": values.mean(axis=0), "low": values.min(axis=0), "high": values.max(axis=0)}, index=index
    )
