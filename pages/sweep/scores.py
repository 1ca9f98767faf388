"""What trials varied, and their scores, in words."""

from core import formatting as figures
from core.sweeps.variation import Value, value_label
from core.text import Message, say


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


def value_text(name: str, value: Value | None) -> str:
    """A varied value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    told = value_label(name, value)
    return say(told) if isinstance(told, Message) else told
