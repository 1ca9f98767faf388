"""Retrying a run whose learning rate was too high."""

from core.config.rules import Number
from core.config.run import RunConfig
from core.runs.status import Status


def gentler(config: RunConfig, status: Status) -> RunConfig:
    """The same run with a third of its learning rate, or of the last one set by hand, rounded to two digits."""
    rate = (status.rate_by_hand and status.learning_rate) or config.learning_rate
    rule = RunConfig.rules["learning_rate"]
    assert isinstance(rule, Number)
    return config.replace(learning_rate=max(rule.low, float(f"{rate / 3:.2g}")))
