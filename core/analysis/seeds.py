"""Runs that differ only in their seed: how much of a difference is chance."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from core.config.run import RunConfig


def same_but_seed(config: RunConfig) -> Hashable:
    """A key that is equal for runs with the same training settings apart from the seed.

    Ignores the preset, which only names where the settings came from, and settings without effect.
    """
    default = RunConfig()
    return config.replace(
        seed=0, preset=default.preset, **{name: getattr(default, name) for name in config.idle_settings}
    )


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
