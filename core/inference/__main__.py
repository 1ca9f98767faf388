"""Read digits in image files: `python -m core.inference cnn-16-36 seven.png`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TypedDict

from core.drawing.pictures import LARGEST_FILE, UnreadablePicture, read_picture
from core.drawing.to_mnist import digits_in
from core.errors import DigitLabError, EmptyDrawing, reason_of
from core.formatting import probability
from core.inference.classifier import Epoch, load
from core.inference.reading import Reading, check_for, kind_of, read_each, shipped_check
from core.places import place
from core.runs.store import RunStore
from core.text import ENGLISH, listed, named, one_line, say, speak
from core.text.terminal import command_parser

Reader = Callable[[str], list[Reading]]
"""Reads each digit in the image file at a path; raises EmptyDrawing, or UnreadablePicture if it is not a picture."""


class _Figures(TypedDict):
    digit: int
    probability: float
    second: int
    second_probability: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one file, as `--json` prints it: the two most probable digits, or why it was declined.

    A file with several digits has an answer for each of them in `digits`, and none of its own.
    """

    file: str
    digit: int | None = None
    probability: float | None = None
    second: int | None = None
    second_probability: float | None = None
    declined: str | None = None
    digits: list[_Figures] | None = None

    def __str__(self) -> str:
        if self.digits is not None:
            found = listed(
                say("inference.one_of", digit=one["digit"], share=probability(one["probability"]))
                for one in self.digits
            )
            said = say("inference.several", count=len(self.digits), digits=found)
        elif self.probability is None or self.second_probability is None:
            said = self.declined or ""
        else:
            shares = {"share": probability(self.probability), "second_share": probability(self.second_probability)}
            said = say("inference.answer", digit=self.digit, second=self.second, **shares)
        return named(one_line(self.file), said)


_PROG = "python -m core.inference"


def main(arguments: Sequence[str] | None = None, prog: str = _PROG) -> int:
    """Print what each file shows; returns 1 if a file is unreadable, 2 if the run or an argument is invalid."""
    options = _parser(prog, arguments).parse_args(arguments)
    if options.json:
        # for programs
        speak(ENGLISH)
    try:
        reader = _reader(options.run, options.epoch)
    except DigitLabError as error:
        print(named(one_line(options.run), say(error.message)), file=sys.stderr)
        return 2
    answers, status = [], 0
    for file in options.images:
        answer, readable = _answer(file, reader)
        answers.append(asdict(answer))
        if not readable:
            status = 1
            print(answer, file=sys.stderr)
        elif not options.json:
            print(answer)
    if options.json:
        print(json.dumps(answers, indent=2, allow_nan=False))
    return status


def _parser(prog: str = _PROG, arguments: Sequence[str] | None = ()) -> argparse.ArgumentParser:
    parser = command_parser(prog, "inference.description", arguments)
    parser.add_argument("run", metavar="FOLDER_OR_NAME", help=say("inference.help_run"))
    parser.add_argument("images", metavar="IMAGE", nargs="+", help=say("inference.help_images"))
    parser.add_argument("--epoch", type=_epoch, default="best", help=say("inference.help_epoch"))
    parser.add_argument("--json", action="store_true", help=say("inference.help_json"))
    return parser


def _epoch(text: str) -> Epoch:
    words: dict[str, Epoch] = {"best": "best", "last": "last"}
    return words[text] if text in words else int(text)


def _reader(run: str, epoch: Epoch) -> Reader:
    """A reader that works as the Draw page does, with this run and epoch; raises DigitLabError if it cannot answer."""
    store = RunStore()
    folder = store.folder(run)
    classifier = load(folder, epoch)
    if not classifier.config.data.takes_drawings:
        raise DigitLabError("inference.other_data")
    check = check_for(folder, classifier, lambda: shipped_check(store.runs()))

    def reader(file: str) -> list[Reading]:
        picture = read_picture(_content(file))
        return [reading for _, reading in read_each(digits_in(picture), classifier, check, kind_of(picture))]

    return reader


def _answer(file: str, reader: Reader) -> tuple[Answer, bool]:
    """The answer for a file, and whether the file was readable."""
    try:
        found = reader(file)
    except (EmptyDrawing, UnreadablePicture) as error:
        return Answer(file, declined=say(error.message)), isinstance(error, EmptyDrawing)
    if len(found) > 1:
        return Answer(file, digits=[_figures(reading) for reading in found]), True
    if found[0].declined is not None:
        return Answer(file, declined=say(found[0].declined)), True
    return Answer(file, **_figures(found[0])), True


def _figures(reading: Reading) -> _Figures:
    return {
        "digit": reading.digit,
        "probability": reading.probability,
        "second": reading.second,
        "second_probability": reading.second_probability,
    }


def _content(file: str) -> bytes:
    try:
        with place(file).open("rb") as opened:
            # one byte more than the limit, so that a longer file is rejected without reading all of it
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadablePicture("inference.no_file", reason=reason_of(error)) from None


if __name__ == "__main__":
    sys.exit(main())
