"""What a script's rewriting changes, and why."""

from dataclasses import dataclass, field

from core.text import Message


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence on why a line changes; lines count from 1."""

    line: int
    said: Message


@dataclass(slots=True)
class Changes:
    """All changes, each reason once a line."""

    all: list[Change] = field(default_factory=list)

    def add(self, line: int, said: Message) -> None:
        change = Change(line, said)
        if change not in self.all:
            self.all.append(change)
