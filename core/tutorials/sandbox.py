"""Reads a tutorial in a process of its own, with limits: `python -m core.tutorials.sandbox`, the tutorial on its input.

The code is only read. But a text may be made so that reading it takes long or much memory, and this process is not the
page's.
"""

import contextlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from core.config.printed import PrintedHistory
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.text import Message
from core.tutorials.fits import Fit
from core.tutorials.log import Printed
from core.tutorials.matrices import accuracy_of
from core.tutorials.reading import Tutorial, read_tutorial
from core.tutorials.rewriting.code import as_notebook, for_keras_3
from core.tutorials.settings import propose

TIMEOUT = 10.0
"""Seconds; the longest tutorials take one."""
_MEMORY = 2**30
REFUSED = 3
"""The exit code with which it prints a sentence."""


@dataclass(frozen=True, slots=True)
class ReadTraining:
    """A training of the tutorial: the form's settings and how they differ, or why it cannot be trained here."""

    line: int
    layers: int
    epochs: int | None
    config: RunConfig | None
    differences: tuple[Message, ...] = ()
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class ReadNote:
    """A sentence about a line; `code` is the line."""

    line: int
    code: str
    said: Message


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page shows of a tutorial."""

    trainings: tuple[ReadTraining, ...]
    unread: tuple[ReadNote, ...]
    guesses: tuple[ReadNote, ...]
    changes: tuple[ReadNote, ...]
    code: str
    """The script for Keras 3."""
    diff: str
    notebook: str
    """The same as a notebook's file."""
    printed: tuple[PrintedHistory, ...]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What the other process has printed."""

        def notes(name: str) -> tuple[ReadNote, ...]:
            made = ((each["line"], each["code"], Message.from_json(each["said"])) for each in values[name])
            return tuple(ReadNote(line, code, said) for line, code, said in made if said is not None)

        return cls(
            trainings=tuple(map(_read_training, values["trainings"])),
            unread=notes("unread"),
            guesses=notes("guesses"),
            changes=notes("changes"),
            code=values["code"],
            diff=values["diff"],
            notebook=values["notebook"],
            printed=tuple(filter(None, map(PrintedHistory.from_json, values["printed"]))),
        )

    def printed_by(self, place: int) -> PrintedHistory | None:
        """What the training at this place printed: the history with as many epochs, else the one at its place."""
        epochs = self.trainings[place].epochs if place < len(self.trainings) else None
        fitting = [each for each in self.printed if epochs and len(each.loss) == epochs]
        if len(self.printed) == len(self.trainings) and place < len(self.printed):
            return self.printed[place]
        return fitting[0] if fitting else self.printed[0] if len(self.printed) == 1 else None


def main() -> int:
    """Print what was read as JSON; 3 with a message if it cannot be read."""
    _confine()
    _warm_up()
    content = sys.stdin.buffer.read()
    try:
        tutorial = read_tutorial(content)
    except DigitLabError as error:
        print(json.dumps(error.message.to_json()))
        return REFUSED
    rewritten = for_keras_3(tutorial)
    original = content.decode("utf-8", errors="replace") if tutorial.notebook else None
    found = {
        "trainings": [_training(each) for each in tutorial.fits],
        "unread": _notes(tutorial, [(each.line, each.said) for each in tutorial.unread]),
        "guesses": _notes(tutorial, [(each.line, each.said) for each in tutorial.guesses]),
        "changes": _notes(tutorial, [(each.line, each.said) for each in rewritten.changes]),
        "code": rewritten.after,
        "diff": rewritten.diff,
        "notebook": as_notebook(tutorial, rewritten.after, original),
        "printed": [_history(each, tutorial) for each in tutorial.printed],
    }
    print(json.dumps(found))
    return 0


def _warm_up() -> None:
    """Import what is imported late, before the tutorial comes: this process may have been started ahead of it."""
    tutorial = read_tutorial(b"x = 1")
    as_notebook(tutorial, for_keras_3(tutorial).after)


def _training(fit: Fit) -> dict[str, Any]:
    found: dict[str, Any] = {
        "line": fit.line,
        "layers": len(fit.chain.layers) if fit.chain else 0,
        "epochs": fit.epochs,
    }
    try:
        proposal = propose(fit)
    except DigitLabError as error:
        return {**found, "problem": error.message.to_json()}
    differences = [each.to_json() for each in proposal.differences]
    return {**found, "config": proposal.config.to_json(), "differences": differences}


def _notes(tutorial: Tutorial, notes: Sequence[tuple[int, Message]]) -> list[dict[str, Any]]:
    return [{"line": line, "code": tutorial.line(line), "said": said.to_json()} for line, said in notes]


def _history(printed: Printed, tutorial: Tutorial) -> dict[str, Any]:
    values = printed.to_json()
    accuracy, images = printed.test_accuracy, None
    if printed.matrix is not None:
        right, images = accuracy_of(printed.matrix)
        accuracy = right / images if accuracy is None and images else accuracy
    if images is None and any(each.dataset in ("mnist", "fashion_mnist") for each in tutorial.fits):
        images = 10_000
    test = None if accuracy is None else [values.get("test", {}).get("loss"), accuracy]
    return {**values, "test": test, "test_images": images}


def _read_training(values: Mapping[str, Any]) -> ReadTraining:
    config = RunConfig.from_json(values["config"]) if "config" in values else None
    differences = tuple(filter(None, map(Message.from_json, values.get("differences", ()))))
    problem = Message.from_json(values["problem"]) if "problem" in values else None
    return ReadTraining(values["line"], values["layers"], values["epochs"], config, differences, problem)


def _confine() -> None:
    """Limit the memory and time of this process from now on, and forbid it to write."""
    try:
        import resource
    except ImportError:
        # Windows has no such limits; the timeout still holds
        return
    for kind, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, int(TIMEOUT)), (resource.RLIMIT_FSIZE, 0)):
        # a system may define a limit and not support it
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())
