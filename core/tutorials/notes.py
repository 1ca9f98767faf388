"""Notes for the reader of a tutorial: what could not be read, what was guessed, what was changed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from core.text import Message

Kind = Literal["unread", "guess"]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a line of the script, which counts from 1; 0 for none."""

    kind: Kind
    said: Message
    line: int


@dataclass(slots=True)
class Notes:
    """All notes about a script, each once."""

    all: list[Note] = field(default_factory=list)

    def unread(self, said: Message, line: int) -> None:
        """Something that matters to a training could not be read."""
        self._add(Note("unread", said, line))

    def guess(self, said: Message, line: int) -> None:
        """Something was taken for what it most likely means."""
        self._add(Note("guess", said, line))

    def forget(self, notes: Collection[Note]) -> None:
        """Take back the notes about something that is read again."""
        self.all = [each for each in self.all if each not in notes]

    def _add(self, note: Note) -> None:
        if note not in self.all:
            self.all.append(note)
