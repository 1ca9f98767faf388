"""A tutorial, read as a whole: its trainings, its code for Keras 3, its printed results."""

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from core.errors import DigitLabError
from core.text import Message
from core.tutorials.fits import Fit, read_fit
from core.tutorials.interpreter import Interpreter
from core.tutorials.log import Printed, read_log
from core.tutorials.notebook import Notebook, is_notebook, read_notebook
from core.tutorials.notes import Note, Notes
from core.tutorials.page_lines import decoded
from core.tutorials.pasted import Pasted, read_code
from core.tutorials.rewriting.facts import Facts, file_for
from core.tutorials.trainings import Training
from core.tutorials.values import Array, Function
from core.tutorials.versions import Version, version_of

_SHORT_METRIC = re.compile(r"metrics\s*=\s*[\[(]?\s*['\"]acc['\"]")
_FIT_CALL = re.compile(r"\.fit(_generator)?\(")
_MOST_BYTES = 20_000_000
"""Of a file; a notebook may hold many pictures."""
_MOST_TRAININGS = 50


@dataclass(frozen=True, slots=True)
class Tutorial:
    """What was read of a tutorial."""

    pasted: Pasted
    notebook: Notebook | None
    version: Version
    fits: tuple[Fit, ...]
    notes: tuple[Note, ...]
    facts: Facts
    printed: tuple[Printed, ...] = ()
    """What its trainings printed."""

    @property
    def unread(self) -> list[Note]:
        """What could not be read, in the script's order."""
        return sorted((each for each in self.notes if each.kind == "unread"), key=lambda each: each.line)

    @property
    def guesses(self) -> list[Note]:
        """What was guessed, in the script's order."""
        return sorted((each for each in self.notes if each.kind == "guess"), key=lambda each: each.line)

    def line(self, number: int) -> str:
        """A line of the code, shortened; empty for line 0."""
        lines = self.pasted.code.split("\n")
        return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""

    def to_json(self) -> dict[str, Any]:
        """What programs get."""
        return {
            "fits": [each.to_json() for each in self.fits],
            "unread": [self._note(each) for each in self.unread],
            "guesses": [self._note(each) for each in self.guesses],
            "history": [each.to_json() for each in self.printed],
        }

    def _note(self, note: Note) -> dict[str, Any]:
        return {"line": note.line, "code": self.line(note.line), "reason": str(note.said)}


def read_tutorial(content: bytes | str) -> Tutorial:
    """The tutorial in a file or a text: code, a notebook, or a page's copy of either.

    Raises DigitLabError if it is too large or a damaged notebook.
    """
    if len(content) > _MOST_BYTES:
        raise DigitLabError("tutorials.too_long_text", limit=f"{_MOST_BYTES:,}")
    text = content if isinstance(content, str) else decoded(content)
    notebook = read_notebook(text) if is_notebook(text) else None
    if notebook is None and re.match(r"\s*\{\s*\"(metadata|nbformat)", text):
        raise DigitLabError("tutorials.bad_notebook")
    pasted = read_code(notebook.code if notebook else text)
    printed = read_log(notebook.printed if notebook else text)
    return replace(_follow(pasted, notebook), printed=tuple(printed))


def _follow(pasted: Pasted, notebook: Notebook | None) -> Tutorial:
    version = version_of(pasted.code)
    notes = Notes()
    for number, line in pasted.left_out:
        notes.unread(Message("tutorials.no_python", code=line[:60]), number)
    if pasted.joined:
        notes.guess(Message("tutorials.line_breaks_lost"), pasted.joined)
    reader = Interpreter(notes, version)
    try:
        reader.follow(pasted.tree)
    except RecursionError:
        notes.unread(Message("tutorials.too_much"), 0)
    trainings = list(reader.trainings)
    if not trainings:
        reader.note_weights()
        # a network that is only built is worth its layers
        trainings = [
            Training(each, tuple(each.layers), each.compiled, {}, each.line, stands_alone=False)
            for each in sorted(reader.unfinished(), key=lambda each: each.compiled is not None)[-1:]
        ]
        if trainings:
            calls = _FIT_CALL.search(pasted.code)
            notes.unread(Message("tutorials.other_fit" if calls else "tutorials.no_fit"), trainings[0].line)
    if len(trainings) > _MOST_TRAININGS:
        notes.unread(Message("tutorials.many_trainings", limit=_MOST_TRAININGS), trainings[_MOST_TRAININGS].line)
    for name, (source, _) in _labels(reader).items():
        notes.guess(Message("tutorials.labels_made", name=name, source=source), reader.missing_labels[name][0])
    fits = tuple(read_fit(each, version, notes) for each in trainings[:_MOST_TRAININGS])
    facts = _facts(reader, version, fits, pasted.code)
    return Tutorial(pasted, notebook, version, fits, tuple(notes.all), facts)


def _facts(reader: Interpreter, version: Version, fits: tuple[Fit, ...], code: str) -> Facts:
    misspelt = [each for each in reader.notes.all if each.said.key == "tutorials.misspelt"]
    files = {name: file_for(name, holds) for name, holds in reader.files.items()}
    return Facts(
        old_rates=version.old_rates,
        rows_apart=version.rows_apart,
        strided=frozenset(reader.strided),
        rotated=any(each.chain is not None and each.chain.rotated for each in fits),
        rotations=frozenset(reader.rotations),
        meant={(each.line, str(each.said.values["name"])): str(each.said.values["meant"]) for each in misspelt},
        labels=_labels(reader),
        imports=tuple(reader.missing_imports),
        optimizers=frozenset(
            each.compiled.optimizer
            for each in reader.trainings
            if version.old_rates and each.compiled and isinstance(each.compiled.optimizer, str)
        ),
        files={old: new for old, new in files.items() if old != new},
        accuracy_key="acc" not in reader.metrics and not _SHORT_METRIC.search(code),
        functions=frozenset(name for name, each in reader.scope.values.items() if isinstance(each, Function)),
    )


def _labels(reader: Interpreter) -> dict[str, tuple[str, bool]]:
    """Labels that the script uses and never defines: those of the data set whose name is most like theirs."""
    known = {
        name: each
        for name, each in reader.scope.values.items()
        if isinstance(each, Array) and each.content == "labels" and not each.one_hot
    }
    found = {}
    for name, (_, one_hot) in reader.missing_labels.items():
        if close := get_close_matches(name, known, n=1, cutoff=0.4):
            found[name] = (close[0], one_hot)
    return found
