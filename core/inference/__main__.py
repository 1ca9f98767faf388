"""Read digits in image files: `python -m core.inference cnn-16-36 seven.png`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.digits.drawing import to_mnist
from core.digits.pictures import read_picture
from core.errors import DigitLabError
from core.figures import percent
from core.inference.classifier import Classifier, Epoch, load
from core.runs.folder import RunFolder
from core.runs.store import RunStore
from core.words import say


def main(arguments: Sequence[str] | None = None) -> int:
    """A line for each image; 0 where all were read, 1 where some were not, 2 where the run or a value is wrong."""
    options = _parser().parse_args(arguments)
    try:
        classifier = load(_folder(options.run), options.epoch)
    except DigitLabError as error:
        print(f"{options.run}: {error}", file=sys.stderr)
        return 2
    return max(_read(classifier, image) for image in options.images)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.inference", description=say("inference.description"))
    parser.add_argument("run", metavar="FOLDER_OR_NAME", help=say("inference.help_run"))
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help=say("inference.help_images"))
    parser.add_argument("--epoch", type=_epoch, default="best", help=say("inference.help_epoch"))
    return parser


def _epoch(text: str) -> Epoch:
    words: dict[str, Epoch] = {"best": "best", "last": "last"}
    return words[text] if text in words else int(text)


def _folder(run: str) -> RunFolder:
    path = Path(run)
    return RunFolder(path.absolute()) if path.is_dir() else RunStore().find(run).folder


def _read(classifier: Classifier, image: Path) -> int:
    try:
        digit = to_mnist(read_picture(image.read_bytes()))
    except OSError as error:
        print(f"{image}: {say('inference.no_file', reason=error.strerror)}", file=sys.stderr)
        return 1
    except DigitLabError as error:
        print(f"{image}: {error}", file=sys.stderr)
        return 1
    (shares,) = classifier.probabilities(digit[None])
    first, second = shares.argsort()[::-1][:2]
    answer = say(
        "inference.answer",
        digit=first,
        share=percent(float(shares[first])),
        second=second,
        second_share=percent(float(shares[second])),
    )
    print(f"{image}: {answer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
