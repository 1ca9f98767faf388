"""Runs that differ only in their seed: how much of a difference is chance."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from core.config.run import RunConfig


def same_but_seed(config: RunConfig) -> Hashable:
    """A key that is equal for runs that train the same network in the same way, whatever their seeds.

    The preset is only where the settings came from, and settings without an effect are no difference.
    """
    default = RunConfig()
    return config.replace(
        seed=0, preset=default.preset, **{name: getattr(default, name) for name in config.idle_settings}
    )


def band(curves: Sequence[Sequence[float]]) -> pd.DataFrame:
    """Mean, low and high of the curves, one row an epoch from 1, up to the last that all of them reached.

    Beyond it, a mean of fewer runs would jump without anything having happened.
    """
    epochs = min((len(curve) for curve in curves), default=0)
    values = np.array([curve[:epochs] for curve in curves], dtype=np.float64).reshape(len(curves), epochs)
    index = pd.RangeIndex(1, epochs + 1, name="epoch")
    if not epochs:
        return pd.DataFrame(columns=["mean", "low", "high"], index=index, dtype=np.float64)
    return pd.DataFrame(
        {"mean": values.mean(axis=0), "low": values.min(axis=0), "high": values.max(axis=0)}, index=index
    )
