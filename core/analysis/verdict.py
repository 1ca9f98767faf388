"""Diagnose a run from its loss curves; docs/verdict.md explains the rules and cites their sources.

The rules look at whole epochs, as a teacher would read the curves; every verdict carries the numbers behind it.
Failed training is checked first, then the gap between the curves, then whether more epochs may help.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean, median
from typing import Literal

from core.config.run import LADDER

Kind = Literal[
    "too_early",
    "diverging",
    "dead",
    "rate_too_high",
    "rate_too_low",
    "noisy",
    "noisy_validation",
    "overfitting",
    "widening",
    "improving",
    "level",
    "unvalidated",
]

_TEN = math.log(10)
"""Cross-entropy of guessing among ten classes, for which the absolute losses below were found."""

_FAR = 1.5  # times the loss of guessing: a network that learns is never this bad
_HALVED = 0.5  # of the previous loss: a loss that falls this fast may still recover
_NEAR = 0.95  # of the loss of guessing: a network with a higher loss has learned next to nothing
_NO_PROGRESS = 0.015  # relative fall per epoch: near the loss of guessing, less counts as no progress
_OVERSHOT = 1.2  # times the loss of guessing in the first epoch: the first updates overshot
_HIGH_RATE = 0.003  # below this, a run that never learned hardly failed because of a high learning rate
_POOR = 0.25  # training loss, with ten classes, that a network gets below, unless it is regularized
_BELOW = 0.9  # validation loss as a share of training loss, with dropout or augmentation
_STUCK = 0.25  # relative fall over the last epochs: less counts as stuck at a high loss
_SLOW = 0.2  # largest relative fall per epoch of a run that learns too slowly
_UNFINISHED = 0.5  # above this training loss, with ten classes, a slow run still has most to learn
_JUMP = 0.08  # relative rise of training loss per epoch: a suitable learning rate does not cause this
_SWING = 0.1  # the same for validation loss, which averages over fewer images
_MEMORIZED = 0.07  # training loss as a share of validation loss: below this, the training images are memorized
_SPIKE = 0.01  # smaller absolute rises are not jumps, whatever their ratio to the loss
_OFTEN = 0.2  # share of the recent epochs with a jump
_RECENT = 10  # epochs in which a jump counts
_RISE = 0.05  # relative rise of validation loss above its minimum
_LEARNED = 0.1  # relative fall of training loss since that minimum
_GAP = 0.6  # training loss as a share of validation loss: below this the gap is wide
_SMALL_GAP = 0.02  # a smaller difference of losses hardly changes any answer
_STALL = 0.01  # relative improvement over the last epochs: less counts as a plateau


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding and the numbers behind it by name; epochs count from 1."""

    kind: Kind
    values: dict[str, float] = field(default_factory=dict)
    rate: float | None = None
    """The learning rate to try where this one looks too high or too low."""
    more_epochs: bool = False
    """Whether more epochs may help."""


def guessing(classes: int) -> float:
    """Cross-entropy of a uniform prediction over the classes: the loss of pure guessing."""
    return math.log(classes)


def judge(loss: Sequence[float], val_loss: Sequence[float], *, learning_rate: float, classes: int) -> Verdict:
    """Judge a history of one value per epoch; val_loss is all NaN if nothing was held out.

    A loss that is not finite marks the epoch in which training failed. `learning_rate` is the most recent one.
    """
    if not all(map(math.isfinite, loss)):
        return Verdict("diverging", {"loss": math.nan, "guessing": guessing(classes)}, lower_rate(learning_rate))
    if len(loss) >= 2 and (verdict := _judge_start(loss, learning_rate, guessing(classes))):
        return verdict
    if len(loss) < 3:
        return Verdict("too_early", {"epochs": len(loss)})
    validated = math.isfinite(val_loss[-1])
    if verdict := _judge_rate(loss, val_loss if validated else None, learning_rate, guessing(classes)):
        return verdict
    if not validated:
        return Verdict("unvalidated", {"loss": loss[-1], "before": loss[-2]})
    return _judge_gap(loss, val_loss) or _judge_progress(loss, val_loss)


def judge_shape(loss: Sequence[float], val_loss: Sequence[float], *, learning_rate: float | None) -> Verdict:
    """As `judge`, of a training whose loss function is unknown: by the rules that compare a curve with itself alone.

    All values are finite, or val_loss is all NaN.
    """
    if len(loss) < 3:
        return Verdict("too_early", {"epochs": len(loss)})
    validated = math.isfinite(val_loss[-1])
    if verdict := _judge_noise(loss, val_loss if validated else None, learning_rate):
        return verdict
    if not validated:
        return Verdict("unvalidated", {"loss": loss[-1], "before": loss[-2]})
    return _judge_gap(loss, val_loss) or _judge_progress(loss, val_loss)


def lower_rate(learning_rate: float) -> float | None:
    """The next lower learning rate of the tutorials' ladder, None below the lowest."""
    # after a scheduler or float32 rounding, the rate is rarely exactly on the ladder
    return next((rung for rung in LADDER if rung < 0.9 * learning_rate), None)


def higher_rate(learning_rate: float) -> float | None:
    """The next higher learning rate of the tutorials' ladder, None above the highest."""
    return next((rung for rung in reversed(LADDER) if rung > 1.1 * learning_rate), None)


def _judge_start(loss: Sequence[float], learning_rate: float, guess: float) -> Verdict | None:
    """A verdict if training is not getting anywhere, else None."""
    values = {"loss": loss[-1], "guessing": guess}
    if loss[-1] > _FAR * guess and loss[-1] > _HALVED * loss[-2]:
        return Verdict("diverging", values, lower_rate(learning_rate))
    if loss[-1] > _NEAR * guess and loss[-1] > (1 - _NO_PROGRESS) * loss[-2]:
        overshot = loss[0] > _OVERSHOT * guess or learning_rate >= _HIGH_RATE
        return Verdict("dead", values, lower_rate(learning_rate) if overshot else None)
    return None


def _judge_rate(
    loss: Sequence[float], val_loss: Sequence[float] | None, learning_rate: float, guess: float
) -> Verdict | None:
    """A verdict if the curves show an unsuitable learning rate, else None; val_loss is None if nothing was held out."""
    span, level, hampered = _level(loss, val_loss)
    stuck = level > (1 - _STUCK) * median(loss[-2 * span : -span])
    overshot = loss[0] > _OVERSHOT * guess
    if level > _POOR * guess / _TEN and not hampered and (overshot or (stuck and _rises(loss, 0, 0))):
        return Verdict("rate_too_high", {"loss": loss[-1], "epochs": len(loss)}, lower_rate(learning_rate))
    crawls = all((1 - _SLOW) * before < after < before for before, after in pairwise(loss))
    if len(loss) > 3 and loss[-1] > _UNFINISHED * guess / _TEN and crawls:
        fall = 1 - (loss[-1] / loss[0]) ** (1 / (len(loss) - 1))
        return Verdict("rate_too_low", {"loss": loss[-1], "fall": fall}, higher_rate(learning_rate))
    return _judge_noise(loss, val_loss, learning_rate)


def _level(loss: Sequence[float], val_loss: Sequence[float] | None) -> tuple[int, float, bool]:
    """The last epochs, the training loss in them, and whether something other than the rate keeps it high."""
    span = max(2, len(loss) // 3)
    level = median(loss[-span:])
    # with dropout or augmentation, training loss may stay high in a healthy run, but then validation loss is lower
    return span, level, val_loss is not None and median(val_loss[-span:]) < _BELOW * level


def _judge_noise(
    loss: Sequence[float], val_loss: Sequence[float] | None, learning_rate: float | None
) -> Verdict | None:
    """A verdict if a curve jumps, else None; val_loss is None if nothing was held out."""
    span, level, hampered = _level(loss, val_loss)
    lower = lower_rate(learning_rate) if learning_rate is not None else None
    if not hampered and (jumps := _jumps(loss, _JUMP)):
        return Verdict("noisy", jumps, lower)
    # once the training images are memorized, the gap is the problem, whether or not validation loss swings
    if val_loss is not None and level > _MEMORIZED * median(val_loss[-span:]) and (jumps := _jumps(val_loss, _SWING)):
        return Verdict("noisy_validation", jumps, lower)
    return None


def _jumps(values: Sequence[float], share: float) -> dict[str, float]:
    """Numbers describing repeated upward jumps of a loss; empty if there are too few."""
    jumps = _rises(values, share, _SPIKE)
    recent = min(_RECENT, len(values) - 1)
    if len(jumps) < 2 or len(jumps) <= _OFTEN * recent:
        return {}
    worst = max(jumps, key=lambda i: values[i] - values[i - 1])
    found = {"rises": len(jumps), "recent": recent, "epoch": worst + 1}
    return found | {"before": values[worst - 1], "after": values[worst]}


def _judge_gap(loss: Sequence[float], val_loss: Sequence[float]) -> Verdict | None:
    """A verdict if the curves have come apart, else None."""
    best = min(range(len(val_loss)), key=val_loss.__getitem__)
    # medians, because a single epoch may be an outlier
    now, learned = median(val_loss[-3:]), median(loss[-3:])
    if not (learned < _GAP * now and now - learned > _SMALL_GAP):
        return None
    values = {"epoch": best + 1, "low": val_loss[best], "now": val_loss[-1], "then": loss[best], "loss": loss[-1]}
    risen = now > (1 + _RISE) * val_loss[best] and loss[-1] < (1 - _LEARNED) * loss[best]
    return Verdict("overfitting" if risen else "widening", values)


def _judge_progress(loss: Sequence[float], val_loss: Sequence[float]) -> Verdict:
    """A verdict on whether validation loss is still falling."""
    best = min(range(len(val_loss)), key=val_loss.__getitem__)
    recent = max(2, len(val_loss) // 5)
    earlier = min(val_loss[:-recent])
    gain = 1 - min(val_loss[-recent:]) / earlier if earlier > 0 else 0.0
    values = {"epoch": best + 1, "low": val_loss[best], "now": val_loss[-1], "gain": gain, "recent": recent}
    if gain <= _STALL:
        return Verdict("level", values)
    return Verdict("improving", values, more_epochs=not gap_grows(loss, val_loss))


def gap_grows(loss: Sequence[float], val_loss: Sequence[float]) -> bool:
    """Whether validation loss is above training loss, by more in the last epochs than in those before."""
    gaps = [max(0.0, held_out - trained) for trained, held_out in zip(loss, val_loss, strict=True)]
    span = max(1, min(3, len(gaps) // 2))
    return fmean(gaps[-span:]) > fmean(gaps[-2 * span : -span])


def _rises(values: Sequence[float], share: float, least: float) -> list[int]:
    """Recent epochs, counted from 0, whose value exceeds the previous one by more than `share` of it and by `least`."""
    first = max(1, len(values) - _RECENT)
    return [
        i
        for i in range(first, len(values))
        if values[i] > (1 + share) * values[i - 1] and values[i] - values[i - 1] > least
    ]
