"""The last layer by hand: logits, softmax and loss of one digit, in float64."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.array_types import Doubles, Floats

Numbers = Doubles


@dataclass(frozen=True, eq=False)
class Softmax:
    """Logits (n,) and the steps of their softmax.

    The largest logit is subtracted before taking exponentials, which prevents overflow and leaves the quotients
    unchanged.
    """

    logits: Numbers
    exponentials: Numbers
    total: float
    probabilities: Numbers

    @property
    def largest(self) -> float:
        return float(self.logits.max())

    def loss(self, label: int) -> float:
        """Cross-entropy: minus the natural logarithm of the label's probability, finite even if that rounds to 0."""
        return float(np.log(self.total) - (self.logits[label] - self.largest))


@dataclass(frozen=True, slots=True)
class Term:
    """One product in a logit."""

    unit: int
    value: float
    weight: float

    @property
    def product(self) -> float:
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Sum:
    """A logit as a sum: its largest terms by absolute value, the sum of the others, and the bias."""

    terms: tuple[Term, ...]
    others: int
    rest: float
    bias: float

    @property
    def logit(self) -> float:
        return sum(term.product for term in self.terms) + self.rest + self.bias


def softmax(inputs: Floats, weights: Sequence[Floats]) -> Softmax:
    """The softmax of a dense layer with inputs float32 (n,), weights (n, classes) and biases (classes,)."""
    kernel, bias = (values.astype(np.float64) for values in weights)
    logits = inputs.astype(np.float64) @ kernel + bias
    exponentials = np.exp(logits - logits.max())
    total = float(exponentials.sum())
    return Softmax(logits, exponentials, total, exponentials / total)


def logit_sum(inputs: Floats, weights: Sequence[Floats], digit: int, most: int) -> Sum:
    """The logit of one class, with up to `most` of its terms listed, largest first."""
    kernel, bias = weights
    values, column = inputs.astype(np.float64), kernel[:, digit].astype(np.float64)
    products = values * column
    order = np.argsort(-np.abs(products), kind="stable")
    shown = [unit for unit in map(int, order[:most]) if products[unit]]
    terms = tuple(Term(unit, float(values[unit]), float(column[unit])) for unit in shown)
    others = order[len(shown) :]
    return Sum(terms, len(others), float(products[others].sum()), float(bias[digit]))
