"""Read UCI's pen digits: `pendigits-orig.tra`, a UNIPEN file of strokes with the label and writer of each digit."""

from collections.abc import Iterable

from core.errors import DataUnavailable
from research.handwriting.strokes import PenDigit, path_of

_HEADER = ".COMMENT"
"""Starts the line before each digit, with its label, writer and a running number."""


def read_unipen(text: str) -> list[PenDigit]:
    """The digits of the file, with y downward; raises DataUnavailable if it does not have UCI's layout."""
    digits = []
    for section in _sections(text.splitlines()):
        try:
            label, writer, _ = section[0].split()[1:]
            strokes = [path_of(points) for points in _strokes(section[1:])]
            digits.append(PenDigit(int(label), str(int(writer)), tuple(strokes)))
        except ValueError:
            raise DataUnavailable(
                "errors.as_written",
                text=f"“{section[0][:60]}” begins no digit of UCI's pendigits-orig files; name the unpacked file.",
            ) from None
    return digits


def _sections(lines: Iterable[str]) -> list[list[str]]:
    """The lines of each digit, starting with its comment."""
    sections: list[list[str]] = []
    for line in lines:
        if line.startswith(_HEADER):
            sections.append([])
        if sections:
            sections[-1].append(line)
    return sections


def _strokes(lines: Iterable[str]) -> list[list[list[int]]]:
    strokes: list[list[list[int]]] = []
    down = False
    for line in lines:
        if line.startswith("."):
            down = line.startswith(".PEN_DOWN")
            if down:
                strokes.append([])
        elif down and line.strip():
            x, y = line.split()
            strokes[-1].append([int(x), -int(y)])
    return [points for points in strokes if points]
