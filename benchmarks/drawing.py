"""How well drawings and photos are read and non-digits declined: `python -m benchmarks.drawing [RUN]`."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

import numpy as np

from benchmarks.bars import Row, table
from benchmarks.drawn_digits import WAYS, Drawn, canvas, colored, held_out, made
from benchmarks.machine import machine
from benchmarks.measurement import write_between_marks
from benchmarks.nondigits import GROUPS, drawings
from benchmarks.photos import UNKNOWN, large_photo, photo, row_of
from core.array_types import Floats, Mask
from core.data.datasets import load as load_digits
from core.drawing.pictures import read_picture
from core.drawing.to_mnist import ALL_STEPS, Steps, digits_in, prepare, to_mnist
from core.errors import DataUnavailable, DigitLabError, EmptyDrawing
from core.inference import load
from core.inference.classifier import BATCH
from core.inference.familiarity import Familiarity, Kind
from core.inference.reading import DigitCheck, Reading, read_each
from core.places import place
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR, RunStore
from research.handwriting.photos import KNOWN
from research.handwriting.strokes import CANVAS, given_pen_digits, render

_DEFAULTS = ("handwriting", "cnn-16-36")
_DRAWN, _MOVED, _OF_A_KIND, _PHOTOS, _ROWS, _STEPS = 1_000, 60, 100, 30, 30, 300
_MODELS, _TURNS, _LARGE_TURNS = 3, 60, 9
_TRUE = 0.95
"""Share of digits that the published false positive rate accepts."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if everything was measured, 1 if not, 2 if there is no such run."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    try:
        folder = _folder(options.run)
        reader = Reader(folder)
    except DigitLabError as error:
        print(f"{options.run or _DEFAULTS[-1]}: {error}", file=sys.stderr)
        return 2
    drawn = held_out() or made()
    parts: list[Callable[[], list[Row]]] = [
        partial(_mnist, reader),
        partial(_held_out_digits, reader),
        partial(_stability, reader, drawn),
        partial(_non_digits, reader, drawn),
        partial(_photos, reader, drawn),
        partial(_steps, reader, drawn),
        partial(_time, folder, drawn),
    ]
    rows = [row for part in parts for row in _measured(part)]
    about = (
        f"{folder.id}, epoch {reader.classifier.epoch}, on {time.strftime('%Y-%m-%d')}, "
        f"{time.monotonic() - began:.0f} s; drawings are {drawn.whose}.\n{machine()}."
    )
    print(f"{table(rows)}\n\n{about}")
    if options.write:
        shown = [row for row in rows if not row.detail]
        write_between_marks(options.write, f"{table(shown)}\n\n{about}", "drawing")
    return 1 if any(row.problem for row in rows) else 0


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The most probable digit of each image, accepted or not; whether it is declined; the log odds that it is one."""

    digits: list[int]
    declined: Mask
    scores: Floats


class Reader:
    """A run's network with its check for digits; raises DigitLabError if the run cannot read drawings."""

    def __init__(self, folder: RunFolder) -> None:
        self.classifier = load(folder)
        self.familiarity = Familiarity.load(folder)
        self.check = DigitCheck(self.familiarity, self.classifier) if self.familiarity else None

    def answers(self, digits: Sequence[Floats] | Floats) -> list[int]:
        """The most probable digit of each image, float32 (n, 28, 28), accepted or not."""
        return self.judged(digits).digits

    def judged(self, digits: Sequence[Floats] | Floats, kind: Kind = "drawing") -> Judged:
        """What becomes of images, float32 (n, 28, 28), in one pass; without a check, every score is 0."""
        images, output = np.array(digits, np.float32), self.classifier.table[-1].layer.name
        answers: list[int] = []
        scores = np.zeros(len(images), np.float32)
        for first in range(0, len(images), BATCH):
            batch = slice(first, first + BATCH)
            layers = self.classifier.layers(images[batch])
            answers += layers[output].argmax(axis=1).tolist()
            if self.familiarity:
                scores[batch] = self.familiarity.scores(images[batch], layers)
        return Judged(answers, scores < (self.familiarity.thresholds[kind] if self.familiarity else 0), scores)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drawing", description=__doc__)
    parser.add_argument("run", nargs="?", metavar="RUN", help="a run's folder or name; else " + ", ".join(_DEFAULTS))
    parser.add_argument("--write", type=place, metavar="FILE", help="put the table between this document's marks")
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


def _mnist(reader: Reader) -> list[Row]:
    data = load_digits("mnist")
    images = data.test_images.astype(np.float32) / np.float32(255)
    judged = reader.judged(images, "pixels")
    right = [answer == label for answer, label in zip(judged.digits, data.test_labels.tolist(), strict=True)]
    return [
        Row.share("MNIST's test digits right", right, at_least=99.6),
        Row.share("MNIST's test digits declined", judged.declined, at_most=0.5),
    ]


def _held_out_digits(reader: Reader) -> list[Row]:
    given_pen_digits()
    drawn = held_out() or made()
    rows = []
    for number, (name, way, right_at_least, declined_at_most) in enumerate(WAYS):
        chosen = [(digit.label, to_mnist(way(digit, random))) for digit, random in drawn.some(_DRAWN, number)]
        judged = reader.judged([digit for _, digit in chosen])
        right = [answer == label for answer, (label, _) in zip(judged.digits, chosen, strict=True)]
        rows += [
            Row.share(f"Held-out writers, {name}: right", right, at_least=right_at_least),
            Row.share(f"Held-out writers, {name}: declined", judged.declined, at_most=declined_at_most),
        ]
    return rows


def _stability(reader: Reader, drawn: Drawn) -> list[Row]:
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
                colored(plain, ink, paper) for ink in (0, 255) for paper in (None, 255 - ink, 128)
            ],
        }
        (answer,) = reader.answers([to_mnist(plain)])
        for name, canvases in variants.items():
            same[name] += [other == answer for other in reader.answers([to_mnist(c) for c in canvases])]
    return [
        Row.share(f"Answer unchanged when {name}", matches, at_least=100 if "colors" in name else 99)
        for name, matches in same.items()
    ]


def _non_digits(reader: Reader, drawn: Drawn) -> list[Row]:
    if reader.familiarity is None:
        reason = "the run has no familiarity.npz; python -m research.handwriting.fit_judge makes it"
        return [Row(name="Non-digits declined", problem=reason)]
    rows: list[Row] = []
    scores: list[float] = []
    for group, kinds in GROUPS.items():
        of_group: list[bool] = []
        for kind in kinds:
            images = [prepared for canvas in drawings(kind, _OF_A_KIND) if (prepared := _prepared(canvas)) is not None]
            judged = reader.judged(images)
            of_group += judged.declined.tolist()
            scores += judged.scores.tolist()
            rows.append(Row.share(f"Declined, {group}: {kind}", judged.declined, detail=True))
        rows.append(Row.share(f"Declined: {group}", of_group, at_least=95))
    digits = reader.judged([to_mnist(canvas(digit, random)) for digit, random in drawn.some(_DRAWN, 0)]).scores
    lowest = float(np.quantile(digits, 1 - _TRUE))
    return [
        *rows,
        Row(name="AUROC, digits against non-digits", value=auroc(digits, scores), count=len(digits) + len(scores),
            at_least=0.995, unit=""),
        Row.share(f"Non-digits accepted with {100 * _TRUE:.0f} % of digits", [score >= lowest for score in scores]),
    ]  # fmt: skip


def auroc(positive: Sequence[float] | Floats, negative: Sequence[float] | Floats) -> float:
    """The probability that a positive case scores higher than a negative one; ties count half."""
    ordered = np.sort(negative)
    below, up_to = np.searchsorted(ordered, positive, "left"), np.searchsorted(ordered, positive, "right")
    return float((below + up_to).mean() / 2 / len(ordered))


def _prepared(canvas: np.ndarray) -> Floats | None:
    try:
        return to_mnist(canvas)
    except EmptyDrawing:
        return None


def _photos(reader: Reader, drawn: Drawn) -> list[Row]:
    rows, undecided = [], []
    for kinds, known in ((KNOWN, "known kind"), (UNKNOWN, "unknown kind")):
        at_least, at_most = (90.0, 1.0) if known == "known kind" else (None, None)
        for kind in kinds:
            pairs = [
                (d.label, shown_in(reader, photo(kind, d.strokes, n)))
                for n, (d, _) in enumerate(drawn.some(_PHOTOS, 20))
            ]
            right = [_digits(shown) == [label] for label, shown in pairs]
            named = [_named_second(shown, label) for label, shown in pairs]
            wrong = [bool(shown) and not (r or n) for (_, shown), r, n in zip(pairs, right, named, strict=True)]
            undecided += named
            rows.append(Row.share(f"Photo ({known}), {kind}: right and shown", right, at_least=at_least))
            rows.append(Row.share(f"Photo ({known}), {kind}: wrong, right one not named", wrong, at_most=at_most))
    rows.append(Row.share("Photos: right digit named as the second of two", undecided))
    right = []
    for number in range(_ROWS):
        digits = [digit for digit, _ in drawn.some(3, 1_000 + number)]
        picture = row_of([digit.strokes for digit in digits], number)
        right.append(_digits(shown_in(reader, picture)) == [digit.label for digit in digits])
    rows.append(Row.share("Photo of three digits: all read", right))
    return rows


def shown_in(reader: Reader, picture: np.ndarray) -> list[Reading]:
    """The readings that are shown for a picture, uint8 (H, W, 4)."""
    try:
        found = read_each(digits_in(picture), reader.classifier, reader.check, "picture")
    except EmptyDrawing:
        return []
    return [reading for _, reading in found if reading.declined is None]


def _digits(shown: Sequence[Reading]) -> list[int]:
    return [reading.digit for reading in shown]


def _named_second(shown: Sequence[Reading], label: int) -> bool:
    """Whether the page says that it may as well be this digit: "74 %, or 1 with 21 %"."""
    return len(shown) == 1 and shown[0].undecided and shown[0].second == label


def _steps(reader: Reader, drawn: Drawn) -> list[Row]:
    """Black on white, so that each step makes a difference."""
    chosen = [(d.label, colored(canvas(d, random), 0, 255)) for d, random in drawn.some(_STEPS, 0)]
    rows = []
    for name in ("", "polarity", "crop", "center"):
        steps: Steps = replace(ALL_STEPS, **{name: False}) if name else ALL_STEPS
        answers = reader.answers([prepare(picture, steps).digit for _, picture in chosen])
        what = f"without the step “{name}”" if name else "with all steps"
        right = [answer == label for answer, (label, _) in zip(answers, chosen, strict=True)]
        rows.append(Row.share(f"Drawings right {what}", right, detail=True))
    return rows


def _time(folder: RunFolder, drawn: Drawn) -> list[Row]:
    """Three shipped models including the run's own, repeated if there are fewer; then a photo of 12 megapixels."""
    found = [run.folder for run in RunStore().runs() if run.shipped and run.id != folder.id]
    models = [load(model) for model in ([folder, *found] * _MODELS)[:_MODELS]]
    taken = []
    for digit, random in drawn.some(_TURNS, 0):
        picture = canvas(digit, random)
        began = time.perf_counter()
        prepared = to_mnist(picture)[None]
        for model in models:
            model.probabilities(prepared)
        taken.append(1000 * (time.perf_counter() - began))
    digit, _ = next(drawn.some(1, 0))
    file, photographed = large_photo(digit.strokes), []
    for _ in range(_LARGE_TURNS):
        began = time.perf_counter()
        digits_in(read_picture(file))
        photographed.append(1000 * (time.perf_counter() - began))
    return [
        Row(
            name=f"Preprocessing and {_MODELS} models' answers, median",
            value=median(taken),
            count=len(taken),
            at_most=15,
            unit="ms",
        ),
        Row(
            name="A photo of 12 megapixels, from the file to its digits, median",
            value=median(photographed),
            count=len(photographed),
            at_most=400,
            unit="ms",
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
