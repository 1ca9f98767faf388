"""How well drawings are read and non-digits declined: `python -m benchmarks.drawing [RUN]`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from statistics import median

import numpy as np

from benchmarks.bars import Row, table
from benchmarks.machine import machine
from benchmarks.measurement import write_between_marks
from benchmarks.nondigits import JUDGED, drawings
from core.array_types import Bytes, Floats, Indices, Mask
from core.data.datasets import load as load_digits
from core.drawing.to_mnist import ALL_STEPS, Steps, prepare, to_mnist
from core.errors import DataUnavailable, DigitLabError, EmptyDrawing
from core.inference import Classifier, load
from core.inference.familiarity import Familiarity
from core.places import place
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR, RunStore
from research.handwriting.dataset import HELD_OUT_WRITERS, PENS, SIZES, THICKEST
from research.handwriting.hands import vary
from research.handwriting.nondigits import DIGITS, written
from research.handwriting.strokes import CANVAS, PenDigit, Strokes, given_pen_digits, render

_SEED = 21
_DEFAULTS = ("handwriting", "cnn-16-36")
_BANDS = ((6.0, 12.0), (12.0, 24.0), (24.0, 36.0))
_DRAWN, _OF_A_BAND, _MOVED, _OF_A_KIND, _OF_MNIST = 1_000, 400, 60, 100, 2_000
_MODELS, _TURNS = 3, 60


@dataclass(frozen=True, slots=True)
class Drawn:
    """Digits drawn by hand or code: their strokes and origin."""

    whose: str
    digits: Sequence[PenDigit]

    def some(self, count: int, purpose: int) -> Iterator[tuple[PenDigit, np.random.Generator]]:
        """This many digits, each with its own random generator."""
        for number in range(count):
            random = np.random.default_rng((_SEED, purpose, number))
            yield self.digits[int(random.integers(len(self.digits)))], random


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if everything was measured, 1 if not, 2 if there is no such run."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    try:
        folder = _folder(options.run)
        classifier, familiarity = load(folder), Familiarity.load(folder)
    except DigitLabError as error:
        print(f"{options.run or _DEFAULTS[-1]}: {error}", file=sys.stderr)
        return 2
    drawn = _held_out() or _made()
    parts: list[Callable[[], list[Row]]] = [
        partial(_mnist, classifier),
        partial(_held_out_digits, classifier),
        partial(_stability, classifier, drawn),
        partial(_declined, classifier, familiarity, drawn),
        partial(_steps, classifier, drawn),
        partial(_time, folder, drawn),
    ]
    rows = [row for part in parts for row in _measured(part)]
    about = (
        f"{folder.id}, epoch {classifier.epoch}, on {time.strftime('%Y-%m-%d')}, "
        f"{time.monotonic() - began:.0f} s; drawings are {drawn.whose}.\n{machine()}."
    )
    print(f"{table(rows)}\n\n{about}")
    if options.write:
        barred = [row for row in rows if row.problem or row.at_least is not None or row.at_most is not None]
        write_between_marks(options.write, f"{table(barred)}\n\n{about}", "drawing")
    return 1 if any(row.problem for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drawing", description=__doc__)
    parser.add_argument("run", nargs="?", metavar="RUN", help="a run's folder or name; else " + ", ".join(_DEFAULTS))
    parser.add_argument("--write", type=place, metavar="FILE", help="put what has a bar between this document's marks")
    return parser


def _folder(run: str | None) -> RunFolder:
    if run is None:
        run = next((name for name in _DEFAULTS if (SHIPPED_DIR / name).is_dir()), _DEFAULTS[-1])
        return RunFolder(SHIPPED_DIR / run)
    return RunStore().folder(run)


def _measured(part: Callable[[], list[Row]]) -> list[Row]:
    try:
        return part()
    except DataUnavailable as error:
        # the others can still be measured
        name = part.func.__name__ if isinstance(part, partial) else ""
        return [Row(name=name.strip("_").replace("_", " "), problem=str(error))]


def _held_out() -> Drawn | None:
    try:
        digits = given_pen_digits()
    except DataUnavailable:
        return None
    return Drawn("of held-out writers", [digit for digit in digits if digit.writer in HELD_OUT_WRITERS])


def _made() -> Drawn:
    random = np.random.default_rng(_SEED)
    made = [PenDigit(n % 10, "", tuple(written(DIGITS[n % 10], random))) for n in range(400)]
    return Drawn("made by code", made)


def _share(matches: Mask) -> float:
    return 100 * float(np.mean(matches))


def _canvas(strokes: Strokes, random: np.random.Generator, pens: tuple[float, float] = PENS) -> Bytes:
    """Draw at a random size and place, with a pen width from this range that keeps the digit legible."""
    size = random.uniform(max(SIZES[0], pens[0] / THICKEST), SIZES[1])
    x, y = random.uniform(size / 2, CANVAS - size / 2, 2)
    return render(strokes, size, (x, y), random.uniform(pens[0], min(pens[1], THICKEST * size)))


def _answers(classifier: Classifier, digits: Sequence[Floats] | Floats) -> Indices:
    answers: Indices = classifier.probabilities(np.array(digits, np.float32)).argmax(axis=1)
    return answers


def _mnist(classifier: Classifier) -> list[Row]:
    data = load_digits("mnist")
    answers = _answers(classifier, data.test_images.astype(np.float32) / np.float32(255))
    right = _share(answers == data.test_labels)
    return [Row(name="MNIST's test set read right", value=right, count=len(answers), at_least=99.5)]


def _held_out_digits(classifier: Classifier) -> list[Row]:
    given_pen_digits()
    drawn = _held_out() or _made()
    rows = []
    for purpose, (pens, count) in enumerate(((PENS, _DRAWN), *((band, _OF_A_BAND) for band in _BANDS))):
        chosen = [(digit.label, _canvas(digit.strokes, random, pens)) for digit, random in drawn.some(count, purpose)]
        answers = _answers(classifier, [to_mnist(canvas) for _, canvas in chosen])
        right = _share(answers == [label for label, _ in chosen])
        name = f"Held-out writers' digits read right, pen {pens[0]:.0f}–{pens[1]:.0f}"
        rows.append(Row(name=name, value=right, count=count, at_least=99.2 if pens == PENS else None))
    return rows


def _stability(classifier: Classifier, drawn: Drawn) -> list[Row]:
    """Whether the answer stays the same when the strokes are moved, scaled or recolored."""
    same: dict[str, list[bool]] = {"moved": [], "scaled between 60 and 240": [], "in other colors or opaque": []}
    for digit, random in drawn.some(_MOVED, 10):
        share, size = random.uniform(0.06, 0.25), random.uniform(90, 200)
        plain = render(digit.strokes, size, (CANVAS / 2, CANVAS / 2), share * size)
        places = [tuple(random.uniform(size / 2, CANVAS - size / 2, 2)) for _ in range(6)]
        sizes = [60, 80, 110, 150, 195, 240]
        variants = {
            "moved": [render(digit.strokes, size, (x, y), share * size) for x, y in places],
            "scaled between 60 and 240": [render(digit.strokes, s, (140, 140), share * s) for s in sizes],
            "in other colors or opaque": [
                _colored(plain, ink, paper) for ink in (0, 255) for paper in (None, 255 - ink, 128)
            ],
        }
        answer, *others = _answers(classifier, [to_mnist(c) for c in (plain, *chain(*variants.values()))])
        for name, canvases in variants.items():
            same[name] += [bool(other == answer) for other in others[: len(canvases)]]
            others = others[len(canvases) :]
    return [
        Row(
            name=f"Answer unchanged when {name}",
            value=_share(np.array(matches)),
            count=len(matches),
            at_least=100 if "colors" in name else 99,
        )
        for name, matches in same.items()
    ]


def _colored(drawing: Bytes, ink: int, paper: int | None) -> Bytes:
    """Replace black ink on transparency by another gray, and by opaque paper if one is given."""
    colored = drawing.copy()
    if paper is None:
        colored[..., :3] = ink
        return colored
    opacity = drawing[..., 3:] / 255
    colored[..., :3] = np.round(ink * opacity + paper * (1 - opacity))
    colored[..., 3] = 255
    return colored


def _declined(classifier: Classifier, familiarity: Familiarity | None, drawn: Drawn) -> list[Row]:
    if familiarity is None:
        reason = "the run has no familiarity.npz; python -m research.handwriting.fit_judge makes it"
        return [Row(name="Non-digits declined", problem=reason)]

    def declines(digit: Floats) -> bool:
        return not familiarity.accepts(digit, classifier.activations(digit))

    rows = []
    total: list[bool] = []
    for kind in JUDGED:
        count = _OF_A_KIND * (4 if "letters" in kind else 1)
        declined = [_is_empty(canvas) or declines(to_mnist(canvas)) for canvas in drawings(kind, count)]
        total += declined
        rows.append(Row(name=f"Declined: {kind}", value=_share(np.array(declined)), count=count))
    data = load_digits("mnist")
    known = [declines(image.astype(np.float32) / np.float32(255)) for image in data.test_images[:: 10_000 // _OF_MNIST]]
    own = [declines(to_mnist(_canvas(d.strokes, random))) for d, random in drawn.some(_DRAWN, 0)]
    varied = [declines(to_mnist(_canvas(vary(d, random), random))) for d, random in drawn.some(_DRAWN, 1)]
    return [
        Row(name="Non-digits declined", value=_share(np.array(total)), count=len(total), at_least=90),
        *rows,
        Row(name="MNIST's test digits declined", value=_share(np.array(known)), count=len(known), at_most=2),
        Row(name=f"Digits {drawn.whose} declined", value=_share(np.array(own)), count=len(own), at_most=2),
        Row(name="The same built otherwise declined", value=_share(np.array(varied)), count=len(varied), at_most=2),
    ]


def _is_empty(canvas: Bytes) -> bool:
    try:
        to_mnist(canvas)
    except EmptyDrawing:
        return True
    return False


def _steps(classifier: Classifier, drawn: Drawn) -> list[Row]:
    """Black on white, so that each step makes a difference."""
    chosen = [(d.label, _colored(_canvas(d.strokes, random), 0, 255)) for d, random in drawn.some(_OF_A_BAND, 0)]
    labels = [label for label, _ in chosen]
    rows = []
    for name in ("", *Steps.__dataclass_fields__):
        steps = replace(ALL_STEPS, **{name: False}) if name else ALL_STEPS
        answers = _answers(classifier, [prepare(canvas, steps).digit for _, canvas in chosen])
        what = f"without the step “{name}”" if name else "with all steps"
        rows.append(Row(name=f"Drawings read right {what}", value=_share(answers == labels), count=len(labels)))
    return rows


def _time(folder: RunFolder, drawn: Drawn) -> list[Row]:
    """Three shipped models including the run's own, repeated if there are fewer."""
    found = [run.folder for run in RunStore().runs() if run.shipped and run.id != folder.id]
    models = [load(model) for model in ([folder, *found] * _MODELS)[:_MODELS]]
    taken = []
    for digit, random in drawn.some(_TURNS, 0):
        canvas = _canvas(digit.strokes, random)
        began = time.perf_counter()
        prepared = to_mnist(canvas)[None]
        for model in models:
            model.probabilities(prepared)
        taken.append(1000 * (time.perf_counter() - began))
    name = f"Preprocessing and {_MODELS} models' answers, median"
    return [Row(name=name, value=median(taken), count=len(taken), at_most=15, unit="ms")]


if __name__ == "__main__":
    sys.exit(main())
