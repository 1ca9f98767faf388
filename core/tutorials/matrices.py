"""Confusion matrices as pandas, scikit-learn and TensorFlow print them."""

import re
from collections.abc import Iterable, Sequence

_BRACKETS = re.compile(r"array\(|tf\.Tensor\(|,?\s*(?:shape=\([^)]*\)|dtype=[\w.]+)|[\[\](),]")
_TOTAL = "All"
"""What pandas calls the sums in a margin."""


def read_matrices(lines: Iterable[str]) -> list[list[list[int]]]:
    """The confusion matrices in the lines of a text; rows are the true classes."""
    arrays, tables = _Arrays(), _Tables()
    for line in lines:
        if "[" in line or "]" in line:
            arrays.read(line)
        else:
            arrays.rows = []
        tables.read(line.split())
    return arrays.found + tables.found


def accuracy_of(matrix: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The right answers and all answers in a confusion matrix."""
    return sum(row[place] for place, row in enumerate(matrix)), sum(map(sum, matrix))


class _Arrays:
    """Arrays of two dimensions, which open with two brackets; single ones are lists."""

    def __init__(self) -> None:
        self.found: list[list[list[int]]] = []
        self.rows: list[list[int]] = []

    def read(self, line: str) -> None:
        words = _BRACKETS.sub(" ", line).split()
        opens = "[[" in line
        if not words or not all(word.isdecimal() for word in words) or not (opens or self.rows):
            self.rows = []
            return
        self.rows = [*([] if opens else self.rows), [int(word) for word in words]]
        size = len(self.rows[0])
        if len(self.rows[-1]) != size:
            self.rows = []
        elif len(self.rows) == size > 1:
            self.found.append(self.rows)
            self.rows = []


class _Tables:
    """Cross tables: a line with the classes, perhaps one with the name of the rows, then a row for each class."""

    def __init__(self) -> None:
        self.found: list[list[list[int]]] = []
        self._headings: list[list[str]] = []
        self._names: list[str] = []
        self._rows: list[list[int]] = []

    def read(self, words: list[str]) -> None:
        if len(words) < 2:
            # blank, or the name of the rows
            return
        names = self._names or next((each for each in self._headings if self._is_row(words, each)), [])
        if not names or not self._is_row(words, names):
            # with and without the name of the columns before them
            self._headings, self._names, self._rows = [words[1:], words], [], []
            return
        self._names = names
        size = len(names) - (names[-1] == _TOTAL)
        self._rows.append([int(word) for word in words[1 : size + 1]])
        if len(self._rows) == size:
            self.found += [self._rows] if size > 1 else []
            self._headings, self._names, self._rows = [], [], []

    def _is_row(self, words: Sequence[str], names: Sequence[str]) -> bool:
        return (
            len(words) == len(names) + 1
            and words[0] == names[len(self._rows)]
            and all(word.isdecimal() for word in words[1:])
        )
