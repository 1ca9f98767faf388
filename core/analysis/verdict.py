"""What a run's history says about it: overfitting, still improving, oscillating, not converging.

Rules of thumb over whole epochs, as a teacher would read the curves; every verdict carries the numbers
that it rests on.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.config import LADDER
from core.network import CLASSES

Kind = Literal["too_early", "not_converging", "oscillating", "overfitting", "improving", "level", "unvalidated"]

GUESSING = math.log(CLASSES)
"""The cross-entropy of giving every class the same probability."""

_RISE = 0.05  # validation loss above its lowest, as a share: less is noise
_FALL = 0.10  # training loss below what it was then: less is standing still
_STALL = 0.01  # improvement over the last epochs, as a share: less is a level curve
_JUMP = 0.08  # training loss above that of the epoch before: a sound rate does not do that
_SWING = 0.20  # the same for validation loss, which is noisier
_SPIKE = 0.005  # smaller changes of loss are no jumps, however many times the loss they are
_RECENT = 10  # epochs in which an oscillation counts: an old one is over
_HIGH_RATE = 0.003  # a run that never learned below this rate hardly fails for too high a rate


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding and its numbers by name, epochs counted from 1."""

    kind: Kind
    values: dict[str, float] = field(default_factory=dict)
    lower_rate: float | None = None
    """The rate to try where this one looks too high."""


def judge(
    loss: Sequence[float], val_loss: Sequence[float], *, accuracy: Sequence[float], learning_rate: float
) -> Verdict:
    """A verdict on a history, one value an epoch; val_loss is NaN throughout where nothing was held out.

    `learning_rate` is the run's last one.
    """
    epochs = len(loss)
    validated = epochs > 0 and not math.isnan(val_loss[-1])
    if epochs >= 2 and _stuck(loss, accuracy):
        exploded = loss[0] > 1.2 * GUESSING or learning_rate >= _HIGH_RATE
        rate = lower_rate(learning_rate) if exploded else None
        return Verdict("not_converging", {"loss": loss[-1], "guessing": GUESSING}, rate)
    if epochs < 3:
        return Verdict("too_early", {"epochs": epochs})
    steps = min(_RECENT, epochs - 1)
    jumps = _jumps(loss, _JUMP, steps)
    swings = _jumps(val_loss, _SWING, steps) if validated else []
    if len(jumps) >= max(2, 0.2 * steps) or len(swings) >= max(3, 0.3 * steps):
        watched, found = (loss, jumps) if len(jumps) >= 2 else (val_loss, swings)
        worst = max(found, key=lambda i: watched[i] / watched[i - 1])
        return Verdict(
            "oscillating",
            {"rises": len(found), "epoch": worst + 1, "before": watched[worst - 1], "after": watched[worst]},
            lower_rate(learning_rate),
        )
    if not validated:
        return Verdict("unvalidated", {"loss": loss[-1], "before": loss[-2]})
    return _judge_validated(loss, val_loss)


def lower_rate(learning_rate: float) -> float | None:
    """The next step down the tutorials' ladder, None below its foot."""
    # a rate that a scheduler or float32 has touched is rarely the rung itself
    return next((rung for rung in LADDER if rung < 0.9 * learning_rate), None)


def _judge_validated(loss: Sequence[float], val_loss: Sequence[float]) -> Verdict:
    best = min(range(len(val_loss)), key=val_loss.__getitem__)
    now = sorted(val_loss[-3:])[1]
    behind = len(val_loss) - 1 - best
    values = {"epoch": best + 1, "low": val_loss[best], "now": val_loss[-1], "then": loss[best], "loss": loss[-1]}
    if behind >= 2 and now > val_loss[best] * (1 + _RISE) and loss[-1] < min(loss[best] * (1 - _FALL), now / 2):
        return Verdict("overfitting", values)
    recent = max(2, len(val_loss) // 5)
    earlier = min(val_loss[:-recent])
    gain = (earlier - min(val_loss[-recent:])) / earlier if earlier > 0 else 0.0
    values |= {"gain": gain, "recent": recent}
    return Verdict("improving" if gain > _STALL else "level", values)


def _stuck(loss: Sequence[float], accuracy: Sequence[float]) -> bool:
    """No better than guessing, or hardly, and not getting better."""
    poor = loss[-1] > 0.95 * GUESSING or accuracy[-1] < 0.5
    return poor and loss[-1] > 0.985 * loss[-2]


def _jumps(values: Sequence[float], share: float, steps: int) -> list[int]:
    first = len(values) - steps
    return [i for i in range(first, len(values)) if values[i] > values[i - 1] * (1 + share) + _SPIKE]
