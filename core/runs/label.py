"""What a user writes about a run: a name, a note and tags (`label.json`)."""

from dataclasses import dataclass
from typing import Any, Self

from core.text import one_line

NAME_LENGTH, NOTE_LENGTH = 80, 1_000
"""The most characters of the name and the note that a user gives a run."""
TAG_LENGTH, MOST_TAGS = 24, 12
"""The most characters of a tag, and the most tags of a run."""


@dataclass(frozen=True, slots=True)
class Label:
    """A user's own name for a run, in one line, a note of any number of lines, and tags; each is cut if too long."""

    name: str = ""
    note: str = ""
    pinned: bool = False
    """Whether the run is listed first, and kept when old runs are deleted to make room."""
    tags: tuple[str, ...] = ()
    """Single words, none twice."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", name_line(self.name))
        lines = "\n".join(one_line(line) for line in self.note.splitlines())
        object.__setattr__(self, "note", lines.strip()[:NOTE_LENGTH].strip())
        words = dict[str, str]()
        for word in map(tag_word, self.tags):
            words.setdefault(word.casefold(), word)
        object.__setattr__(self, "tags", tuple(filter(None, words.values()))[:MOST_TAGS])

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The label in a file; raises KeyError or TypeError if it is invalid."""
        name, note, tags = values["name"], values["note"], values.get("tags")  # earlier versions wrote no tags
        if not isinstance(name, str) or not isinstance(note, str):
            raise TypeError(values)
        words = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
        return cls(name, note, values.get("pinned") is True, words)


def name_line(text: str) -> str:
    """The text as a name: one line, cut if too long."""
    return one_line(text)[:NAME_LENGTH].strip()


def tag_word(text: str) -> str:
    """The text as one tag: a single word, cut if too long; empty if nothing is left."""
    return "-".join(one_line(text).replace(",", " ").split())[:TAG_LENGTH].strip("-")
