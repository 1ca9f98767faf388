"""The first lines of a CSV file: what separates its columns, whether it has a header, and what it holds."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.data.readers.image_folders import PART_WORDS
from core.data.readers.source import Part, UnreadableData

_LONGEST_LINE = 2_000_000
"""Characters of a row: 128 × 128 × 3 numbers with up to 38 digits each."""
_FEWEST_PIXELS = 64
LABEL_WORDS = ("label", "labels", "class", "target", "category", "y", "classname", "class_name")
FILE_WORDS = ("file", "filename", "file_name", "image", "path", "filepath", "id", "image_id", "name")
PART_COLUMNS = ("part", "split", "set", "subset", "usage")
GROUP_WORDS = ("group", "writer", "author", "subject", "patient", "person", "user", "speaker")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file by its first lines."""

    path: Path
    separator: str
    header: tuple[str, ...]
    """Empty where the first line is data."""
    columns: int
    rows: tuple[tuple[str, ...], ...]
    """The first rows of data."""

    @property
    def holds(self) -> Literal["pixels", "files"]:
        """What the rows are: a label with pixels, or a file with a label."""
        return "pixels" if self.columns >= _FEWEST_PIXELS else "files"

    def column(self, words: tuple[str, ...]) -> int | None:
        """The first column whose head is one of these words."""
        heads = [head.strip().lower() for head in self.header]
        return next((heads.index(word) for word in words if word in heads), None)


def read_table(path: Path) -> Table:
    """The first lines of a CSV file; raises UnreadableData if it is not one, or has too many columns."""
    with path.open("rb") as file:
        start = file.read(_LONGEST_LINE)
    first, newline, rest = start.partition(b"\n")
    if not newline and len(start) == _LONGEST_LINE:
        raise UnreadableData("data_add.wide_table", name=path.name)
    # the last line may be cut
    lines = [first, *rest.splitlines()[: 50 if len(start) < _LONGEST_LINE else 20]]
    if len(start) == _LONGEST_LINE and len(lines) > 1 and len(rest.splitlines()) < 20:
        lines.pop()
    try:
        text = b"\n".join(lines).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableData("data_add.no_text", name=path.name) from None
    if "\0" in text:
        raise UnreadableData("data_add.no_text", name=path.name)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    except csv.Error:
        rows = []
    if not rows or len(rows[0]) < 2:
        raise UnreadableData("data_add.no_table", name=path.name)
    header = rows[0] if _is_header(rows) else ()
    return Table(path, separator, header, len(rows[0]), tuple(rows[1:] if header else rows))


def part_of(name: str) -> Part:
    """The part that a table's name tells: `fashion-mnist_test.csv`."""
    words = name.lower().replace("_", "-").replace(" ", "-").partition(".")[0].split("-")
    return next((PART_WORDS[word] for word in words if word in PART_WORDS), "")


def _is_header(rows: list[tuple[str, ...]]) -> bool:
    """Whether the first row has texts where numbers follow, or names a column that is known."""
    first = [cell.strip().lower() for cell in rows[0]]
    known = {*LABEL_WORDS, *FILE_WORDS}
    if known & set(first):
        return True
    numbers = [_is_number(cell) for cell in first]
    return len(first) >= _FEWEST_PIXELS and sum(numbers) < len(first) - 1


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
