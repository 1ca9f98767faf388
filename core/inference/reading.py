"""Read a drawing with a network, or decline it if it is not a digit, since a network always picks one of ten."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from core.array_types import Bytes, Floats
from core.drawing.one_digit import is_blot
from core.drawing.to_mnist import SMALL_PICTURE, Pictured, Prepared
from core.errors import DigitLabError
from core.inference.classifier import Classifier, load
from core.inference.familiarity import Familiarity, Kind
from core.runs.entries import Run
from core.runs.folder import RunFolder
from core.text import Message

READS_DRAWINGS = "handwriting"
"""The shipped run trained on drawings: the default for reading them, and the check for networks without their own."""


LIKELY = 0.05
"""Probability from which the second most probable digit is worth naming."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Class probabilities float32 (10,) for a drawing, and the reason for declining it, None if accepted."""

    probabilities: Floats
    declined: Message | None = None

    @property
    def digit(self) -> int:
        """The most probable digit, even if the drawing is declined."""
        return int(self.probabilities.argmax())

    @property
    def second(self) -> int:
        """The second most probable digit."""
        return int(np.argsort(-self.probabilities, kind="stable")[1])

    @property
    def undecided(self) -> bool:
        """Whether the second most probable digit is likely too."""
        return self.second_probability >= LIKELY

    @property
    def probability(self) -> float:
        return float(self.probabilities[self.digit])

    @property
    def second_probability(self) -> float:
        return float(self.probabilities[self.second])


@dataclass(frozen=True, slots=True, eq=False)
class DigitCheck:
    """Checks whether a drawing is a single digit, using the network that the check was fitted to."""

    familiarity: Familiarity
    classifier: Classifier

    def accepts(self, digit: Floats, kind: Kind = "drawing") -> bool:
        """Whether a prepared drawing, float32 (28, 28) in 0..1, counts as a digit."""
        return self.familiarity.accepts(digit, self.classifier.activations(digit), kind)


def read(digit: Floats, classifier: Classifier, check: DigitCheck | None, kind: Kind = "drawing") -> Reading:
    """Read a drawing prepared by `to_mnist`, float32 (28, 28) in 0..1; without a check, nothing is declined."""
    (probabilities,) = classifier.probabilities(digit[None])
    if check is None or check.accepts(digit, kind):
        return Reading(probabilities)
    return Reading(probabilities, Message("familiarity.blot" if is_blot(digit) else "familiarity.no_digit"))


def kind_of(picture: Bytes) -> Kind:
    """What a picture that a person brought shows, uint8 (H, W, 4): a digit in MNIST's size, or paper."""
    return "pixels" if max(picture.shape[:2]) <= SMALL_PICTURE else "picture"


def read_each(
    picture: Pictured, classifier: Classifier, check: DigitCheck | None, kind: Kind
) -> list[tuple[Prepared, Reading]]:
    """Read the digits in a picture, in order; at least one, which is declined if nothing in the picture is a digit."""
    found = [(prepared, read(prepared.digit, classifier, check, kind)) for prepared in picture.digits]
    largest = max(found, key=lambda one: max(one[0].ink.shape))
    return [one for one in found if one[1].declined is None] or [largest]


def check_for(folder: RunFolder, classifier: Classifier, shipped: Callable[[], DigitCheck | None]) -> DigitCheck | None:
    """The run's own check if it was fitted to the classifier's epoch, else the shipped one."""
    try:
        own = Familiarity.load(folder)
    except DigitLabError:
        own = None
    if own is not None and own.epoch == classifier.epoch:
        return DigitCheck(own, classifier)
    return shipped()


def shipped_check(runs: Iterable[Run]) -> DigitCheck | None:
    """The check of a shipped run, preferably READS_DRAWINGS; None if no shipped run has a usable one."""
    shipped = [run for run in runs if run.shipped]
    for run in sorted(shipped, key=lambda run: run.id != READS_DRAWINGS):
        try:
            known = Familiarity.load(run.folder)
            if known is not None:
                return DigitCheck(known, load(run.folder, known.epoch))
        except DigitLabError:
            continue
    return None
