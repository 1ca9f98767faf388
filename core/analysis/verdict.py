"""What a run's history says about it, by the rules that docs/verdict.md explains and gives the sources of.

Rules over whole epochs, as a teacher would read the curves; every verdict carries the numbers that it rests on.
What is broken comes first, then the gap between the curves, and only then whether more epochs may help.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean, median
from typing import Literal

from core.config.network import CLASSES
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

GUESSING = math.log(CLASSES)
"""The cross-entropy of giving every class the same probability."""

_FAR = 1.5  # times guessing: a network that learns is never this bad
_HALVED = 0.5  # of the loss before: what falls this fast may still recover
_NEAR = 0.95  # of guessing: a loss above this has learned next to nothing
_STILL = 0.015  # fall within an epoch, as a share: less is standing still near guessing
_BLAST = 1.2  # times guessing in the first epoch: the first updates overshot
_HIGH_RATE = 0.003  # a run that never learned below this rate hardly failed because of a high rate
_POOR = 0.25  # training loss that a network for digits gets below, unless it is regularized
_BELOW = 0.9  # validation loss as a share of training loss, with dropout or augmentation
_STANDS = 0.25  # fall over the last epochs, as a share: less is standing still far above zero
_SLOW = 0.2  # largest fall within an epoch, as a share, of a run that learns too slowly
_UNDONE = 0.5  # training loss above which a slow run still has most to learn
_JUMP = 0.08  # rise of training loss within an epoch, as a share: a suitable rate does not do that
_SWING = 0.1  # the same for validation loss, which has fewer images to average over
_BY_HEART = 0.07  # training loss as a share of validation loss: below this, the images are known by heart
_SPIKE = 0.01  # smaller rises are no jumps, however many times the loss they are
_OFTEN = 0.2  # of the recent epochs with a jump
_RECENT = 10  # epochs in which a jump counts: an older one is over
_RISE = 0.05  # validation loss above its lowest, as a share
_LEARNED = 0.1  # fall of training loss since then, as a share
_GAP = 0.6  # training loss as a share of validation loss: below this the gap is wide
_SMALL_GAP = 0.02  # a smaller difference of losses changes hardly any answer
_STALL = 0.01  # improvement over the last epochs, as a share: less is a level curve


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding and its numbers by name, epochs counted from 1."""

    kind: Kind
    values: dict[str, float] = field(default_factory=dict)
    rate: float | None = None
    """The learning rate to try where this one looks too high or too low."""
    more_epochs: bool = False
    """Whether more epochs may help."""


def judge(loss: Sequence[float], val_loss: Sequence[float], *, learning_rate: float) -> Verdict:
    """A verdict on a history, one value an epoch; val_loss is NaN throughout where nothing was held out.

    A loss that is not finite is the epoch in which training failed. `learning_rate` is the run's last one.
    """
    if not all(map(math.isfinite, loss)):
        return Verdict("diverging", {"loss": math.nan, "guessing": GUESSING}, lower_rate(learning_rate))
    if len(loss) >= 2 and (verdict := _judge_start(loss, learning_rate)):
        return verdict
    if len(loss) < 3:
        return Verdict("too_early", {"epochs": len(loss)})
    validated = math.isfinite(val_loss[-1])
    if verdict := _judge_rate(loss, val_loss if validated else None, learning_rate):
        return verdict
    if not validated:
        return Verdict("unvalidated", {"loss": loss[-1], "before": loss[-2]})
    return _judge_gap(loss, val_loss) or _judge_progress(loss, val_loss)


def lower_rate(learning_rate: float) -> float | None:
    """The next step down the tutorials' ladder, None below its foot."""
    # a rate that a scheduler or float32 has touched is rarely the rung itself
    return next((rung for rung in LADDER if rung < 0.9 * learning_rate), None)


def higher_rate(learning_rate: float) -> float | None:
    """The next step up the tutorials' ladder, None above its top."""
    return next((rung for rung in reversed(LADDER) if rung > 1.1 * learning_rate), None)


def _judge_start(loss: Sequence[float], learning_rate: float) -> Verdict | None:
    """Whether training gets anywhere at all."""
    values = {"loss": loss[-1], "guessing": GUESSING}
    if loss[-1] > _FAR * GUESSING and loss[-1] > _HALVED * loss[-2]:
        return Verdict("diverging", values, lower_rate(learning_rate))
    if loss[-1] > _NEAR * GUESSING and loss[-1] > (1 - _STILL) * loss[-2]:
        overshot = loss[0] > _BLAST * GUESSING or learning_rate >= _HIGH_RATE
        return Verdict("dead", values, lower_rate(learning_rate) if overshot else None)
    return None


def _judge_rate(loss: Sequence[float], val_loss: Sequence[float] | None, learning_rate: float) -> Verdict | None:
    """Whether the learning rate shows in the training loss."""
    span = max(2, len(loss) // 3)
    level = median(loss[-span:])
    # with dropout or augmentation training loss may stay high in a sound run, but then validation loss is lower
    hampered = val_loss is not None and median(val_loss[-span:]) < _BELOW * level
    stands = level > (1 - _STANDS) * median(loss[-2 * span : -span])
    if level > _POOR and not hampered and (loss[0] > _BLAST * GUESSING or (stands and _rises(loss, 0, 0))):
        return Verdict("rate_too_high", {"loss": loss[-1], "epochs": len(loss)}, lower_rate(learning_rate))
    crawls = all((1 - _SLOW) * before < after < before for before, after in pairwise(loss))
    if len(loss) > 3 and loss[-1] > _UNDONE and crawls:
        fall = 1 - (loss[-1] / loss[0]) ** (1 / (len(loss) - 1))
        return Verdict("rate_too_low", {"loss": loss[-1], "fall": fall}, higher_rate(learning_rate))
    if not hampered and (jumps := _jumps(loss, _JUMP)):
        return Verdict("noisy", jumps, lower_rate(learning_rate))
    # once the training images are known by heart, the gap is the fault, whether validation loss swings or not
    if val_loss is not None and level > _BY_HEART * median(val_loss[-span:]) and (jumps := _jumps(val_loss, _SWING)):
        return Verdict("noisy_validation", jumps, lower_rate(learning_rate))
    return None


def _jumps(values: Sequence[float], share: float) -> dict[str, float]:
    """Numbers of a loss that jumps up again and again; empty where it does not."""
    jumps = _rises(values, share, _SPIKE)
    recent = min(_RECENT, len(values) - 1)
    if len(jumps) < 2 or len(jumps) <= _OFTEN * recent:
        return {}
    worst = max(jumps, key=lambda i: values[i] - values[i - 1])
    found = {"rises": len(jumps), "recent": recent, "epoch": worst + 1}
    return found | {"before": values[worst - 1], "after": values[worst]}


def _judge_gap(loss: Sequence[float], val_loss: Sequence[float]) -> Verdict | None:
    """Whether the curves have come apart."""
    best = min(range(len(val_loss)), key=val_loss.__getitem__)
    # medians, since one epoch may be an outlier
    now, learned = median(val_loss[-3:]), median(loss[-3:])
    if not (learned < _GAP * now and now - learned > _SMALL_GAP):
        return None
    values = {"epoch": best + 1, "low": val_loss[best], "now": val_loss[-1], "then": loss[best], "loss": loss[-1]}
    risen = now > (1 + _RISE) * val_loss[best] and loss[-1] < (1 - _LEARNED) * loss[best]
    return Verdict("overfitting" if risen else "widening", values)


def _judge_progress(loss: Sequence[float], val_loss: Sequence[float]) -> Verdict:
    """Whether validation loss still falls."""
    best = min(range(len(val_loss)), key=val_loss.__getitem__)
    recent = max(2, len(val_loss) // 5)
    earlier = min(val_loss[:-recent])
    gain = 1 - min(val_loss[-recent:]) / earlier if earlier > 0 else 0.0
    values = {"epoch": best + 1, "low": val_loss[best], "now": val_loss[-1], "gain": gain, "recent": recent}
    if gain <= _STALL:
        return Verdict("level", values)
    return Verdict("improving", values, more_epochs=not gap_grows(loss, val_loss))


def gap_grows(loss: Sequence[float], val_loss: Sequence[float]) -> bool:
    """Whether validation loss is above training loss, and in the last epochs further than in those before."""
    gaps = [max(0.0, held_out - trained) for trained, held_out in zip(loss, val_loss, strict=True)]
    span = max(1, min(3, len(gaps) // 2))
    return fmean(gaps[-span:]) > fmean(gaps[-2 * span : -span])


def _rises(values: Sequence[float], share: float, least: float) -> list[int]:
    """Recent epochs, counted from 0, whose value is above the one before by more than a share and an amount."""
    first = max(1, len(values) - _RECENT)
    return [
        i
        for i in range(first, len(values))
        if values[i] > (1 + share) * values[i - 1] and values[i] - values[i - 1] > least
    ]
