"""One weight's update as the optimizer calculates it, written out in numbers."""

from dataclasses import dataclass
from math import sqrt

from core.config.run import RunConfig
from core.runs.first_updates import Steps

RHO = 0.9
"""RMSprop's decay of the squared-gradient average; this and the next constants are Keras's defaults."""
BETA_1, BETA_2 = 0.9, 0.999
EPSILON = 1e-7


WORKED_OUT = ("sgd", "rmsprop", "adam", "adamw")
"""The optimizers whose updates are worked out; the state that others need is not recorded."""


def is_worked_out(config: RunConfig) -> bool:
    """Whether `update_lines` gives a run's updates: gradients are recorded before they are clipped."""
    return config.optimizer in WORKED_OUT and config.clipping == "off"


@dataclass(frozen=True, slots=True)
class Line:
    """A formula and the same with its numbers, both in LaTeX, and the result."""

    formula: str
    numbers: str
    value: float


def update_lines(config: RunConfig, steps: Steps, step: int, weight: int) -> list[Line]:
    """How step `step` (from 0) changes a recorded weight; the last line gives the weight after the update.

    Calculated from the values recorded before the update, so that it can be checked against those recorded after it.
    """
    w, g = float(steps.weights[step, weight]), float(steps.gradients[step, weight])
    rate = float(steps.rates[step])
    before = dict(zip(steps.slots, map(float, steps.states[step, :, weight]), strict=True))
    match config.optimizer:
        case "rmsprop":
            return _rmsprop(w, g, rate, before["velocity"])
        case "adam":
            return _adam(w, g, rate, before["momentum"], before["velocity"], step + 1)
        case "adamw":
            decayed = w - rate * config.weight_decay * w
            line = Line(
                r"\tilde w = w - \eta\,\lambda\,w",
                rf"{number(w)} - {number(rate)} \cdot {number(config.weight_decay)} \cdot {_signed(w)}",
                decayed,
            )
            return [line, *_adam(decayed, g, rate, before["momentum"], before["velocity"], step + 1, r"\tilde w")]
        case _:
            return _sgd(w, g, rate, config.momentum, before.get("momentum"))


def number(value: float) -> str:
    """Four significant digits in LaTeX."""
    text = f"{value:.4g}"
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else text


def _signed(value: float) -> str:
    return rf"({number(value)})" if value < 0 else number(value)


def _sgd(w: float, g: float, rate: float, momentum: float, memory: float | None) -> list[Line]:
    if memory is None:
        value = w - rate * g
        return [Line(r"w' = w - \eta\,g", rf"{number(w)} - {number(rate)} \cdot {_signed(g)}", value)]
    m = momentum * memory - rate * g
    kept = rf"{number(momentum)} \cdot {_signed(memory)}"
    return [
        Line(r"m' = \mu\,m - \eta\,g", rf"{kept} - {number(rate)} \cdot {_signed(g)}", m),
        Line(r"w' = w + m'", rf"{number(w)} + {_signed(m)}", w + m),
    ]


def _rmsprop(w: float, g: float, rate: float, velocity: float) -> list[Line]:
    v = RHO * velocity + (1 - RHO) * g * g
    return [
        Line(r"v' = 0.9\,v + 0.1\,g^2", rf"0.9 \cdot {_signed(velocity)} + 0.1 \cdot {_signed(g)}^2", v),
        Line(
            r"w' = w - \eta\,\dfrac{g}{\sqrt{v' + \epsilon}}",
            rf"{number(w)} - {number(rate)} \cdot \dfrac{{{number(g)}}}{{{number(sqrt(v + EPSILON))}}}",
            w - rate * g / sqrt(v + EPSILON),
        ),
    ]


def _adam(
    w: float, g: float, rate: float, momentum: float, velocity: float, number_of_update: int, name: str = "w"
) -> list[Line]:
    m = momentum + (1 - BETA_1) * (g - momentum)
    v = velocity + (1 - BETA_2) * (g * g - velocity)
    t = number_of_update
    bias = sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
    return [
        Line(r"m' = 0.9\,m + 0.1\,g", rf"0.9 \cdot {_signed(momentum)} + 0.1 \cdot {_signed(g)}", m),
        Line(r"v' = 0.999\,v + 0.001\,g^2", rf"0.999 \cdot {_signed(velocity)} + 0.001 \cdot {_signed(g)}^2", v),
        Line(
            rf"\alpha = \eta\,\dfrac{{\sqrt{{1 - 0.999^{{{t}}}}}}}{{1 - 0.9^{{{t}}}}}",
            rf"{number(rate)} \cdot {number(bias)}",
            rate * bias,
        ),
        Line(
            rf"w' = {name} - \alpha\,\dfrac{{m'}}{{\sqrt{{v'}} + \epsilon}}",
            rf"{number(w)} - {number(rate * bias)} \cdot \dfrac{{{number(m)}}}{{{number(sqrt(v) + EPSILON)}}}",
            w - rate * bias * m / (sqrt(v) + EPSILON),
        ),
    ]
