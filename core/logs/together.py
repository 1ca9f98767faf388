"""Which files describe the same training, and one training from them."""

import math
from collections.abc import Sequence

from core.logs.training import Training, Values

_ROUGH = 2e-3
"""How far two writings of one number may be apart, relative to it: printed logs have four digits."""
_SMALLEST = 1e-4
_LONGEST = 1e7
"""Seconds of an epoch that are believed."""
_SECONDS = 5.0
"""Between the ends of an epoch in two files: validation is written right after training."""


def together(trainings: Sequence[Training]) -> list[list[Training]]:
    """Groups of trainings, each of which is one; the most exact file of a group is first."""
    groups = list[list[Training]]()
    for training in sorted(trainings, key=lambda each: each.rough):
        same = next((group for group in groups if all(_belong(each, training) for each in group)), None)
        if same is None:
            groups.append([training])
        else:
            same.append(training)
    return groups


def merged(group: Sequence[Training]) -> dict[str, Values]:
    """Each metric's values; where several files have one, that of the first."""
    found = dict[str, Values]()
    for training in group:
        for name, values in training.metrics.items():
            found[name] = {**values, **found.get(name, {})}
    return found


def seconds(group: Sequence[Training]) -> Values:
    """How long each epoch took, with its validation, as far as the times in a file tell."""
    timed = [training for training in group if training.times]
    # that of the training; a file of the validation is made later
    first = min(timed, key=lambda each: math.inf if each.began is None else each.began, default=None)
    if first is None:
        return {}
    ends = dict(first.times) if first.began is None else {0: first.began, **first.times}
    found = {epoch: at - ends[epoch - 1] for epoch, at in ends.items() if epoch - 1 in ends}
    return {epoch: took for epoch, took in found.items() if 0 <= took < _LONGEST}


def _belong(one: Training, other: Training) -> bool:
    """Whether they may be the same training: what both tell is the same, else their epochs are."""
    if one.place == other.place:
        return False
    shared = [
        (name, epoch)
        for name in one.metrics.keys() & other.metrics.keys()
        for epoch in one.metrics[name].keys() & other.metrics[name].keys()
    ]
    if not all(_same(one.metrics[name][epoch], other.metrics[name][epoch]) for name, epoch in shared):
        return False
    # a constant learning rate proves nothing
    if any(name != "learning_rate" for name, _ in shared):
        return True
    epochs = one.epochs & other.epochs
    if epochs not in (one.epochs, other.epochs):
        return False
    timed = one.times.keys() & other.times.keys()
    return all(abs(one.times[epoch] - other.times[epoch]) <= _SECONDS for epoch in timed)


def _same(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=_ROUGH, abs_tol=_SMALLEST)
