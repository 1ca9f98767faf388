"""What trials varied, and their scores, in words."""

from core import formatting as figures
from core.text import say


def score_text(metric: str, value: float) -> str:
    """A score as people read it: a loss, a share, a number of parameters, a time or a size."""
    match metric:
        case "val_loss":
            return figures.loss(value)
        case "val_accuracy":
            return figures.percent(value)
        case "seconds":
            return figures.duration(value)
        case "bytes":
            return figures.size(round(value))
        case _:
            return f"{value:,.0f}"


def value_text(value: object) -> str:
    """A varied value as people read it."""
    if isinstance(value, bool):
        return say(f"report.flag.{str(value).lower()}")
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
