"""Code as a person copies it: out of a page, a notebook or an editor, in lines that Python can parse."""

import ast
import re
from dataclasses import dataclass, field

from core.errors import DigitLabError
from core.tutorials.indentation import indented
from core.tutorials.joined_lines import without_joins
from core.tutorials.page_lines import (
    is_damaged_code,
    looks_like_code,
    plain_lines,
    text_lines,
    without_markup,
    without_page_marks,
)
from core.tutorials.prose import without_prose
from core.tutorials.statements import BLOCK_HEAD, is_open, is_statement, parsed

MOST_CHARACTERS = 1_000_000
_MOST_LINES = 20_000
_LONGEST_STATEMENT = 200
"""Lines of one statement; an open bracket in prose would otherwise swallow all code after it."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """Code that parses, with as many lines as the text has; lines that are not code are empty or comments.

    A line of the text on which a page joined statements and comments has a line for each of them.
    """

    code: str
    tree: ast.Module
    left_out: tuple[tuple[int, str], ...] = ()
    """Lines that look like code and cannot be parsed, with their numbers."""
    text: str = field(default="", repr=False)
    joined: int = 0
    """The first line that was taken apart where words stood between its statements; 0 if there is none."""


def read_code(text: str) -> Pasted:
    """The code in a text; raises DigitLabError if the text is too long."""
    if len(text) > MOST_CHARACTERS:
        raise DigitLabError("tutorials.too_long_text", limit=f"{MOST_CHARACTERS:,}")
    lines = text_lines(without_markup(text))
    if len(lines) > _MOST_LINES:
        raise DigitLabError("tutorials.too_many_lines", limit=f"{_MOST_LINES:,}")
    lines, joined = without_joins(lines)
    if tree := parsed("\n".join(lines)):
        kept = without_prose(tree, lines)
        if kept is None:
            return Pasted("\n".join(lines), tree, text=text, joined=joined)
        lines = kept
    lines = without_page_marks(lines)
    lines, left_out = _statements(indented(plain_lines(lines)))
    tree = parsed("\n".join(lines))
    if tree is None:
        # one broken line must not hide the others: drop what stops the parser
        lines, tree, more = _until_it_parses(lines)
        left_out = [*left_out, *more]
    kept = without_prose(tree, lines)
    if kept is not None:
        lines = kept
        tree = parsed("\n".join(lines)) or tree
    return Pasted("\n".join(lines), tree, tuple(left_out), text, joined)


def _statements(lines: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """The lines with everything blanked that belongs to no statement, and what looked like one."""
    found = [""] * len(lines)
    left_out: list[tuple[int, str]] = []
    place = 0
    while place < len(lines):
        if not lines[place].strip() or lines[place].lstrip().startswith("#"):
            found[place] = lines[place]
            place += 1
            continue
        end = _end_of_statement(lines, place)
        if end is None:
            if is_damaged_code(lines[place]):
                left_out.append((place + 1, lines[place].strip()))
            place += 1
            continue
        for each in range(place, end):
            found[each] = lines[each]
        place = end
    return found, left_out


def _end_of_statement(lines: list[str], start: int) -> int | None:
    """The line after the statement that begins here, or None if none does."""
    text = ""
    for place in range(start, min(len(lines), start + _LONGEST_STATEMENT)):
        text += lines[place].strip() + "\n" if place == start else lines[place] + "\n"
        if is_statement(text):
            return place + 1
        if place == start and not is_open(text):
            return None
        # prose within an open bracket: code never begins an import there
        if (
            place > start
            and re.match(r"\s*(import|from)\s+\w+(\s+import)?", lines[place])
            and looks_like_code(lines[place])
        ):
            return None
    return None


def _until_it_parses(lines: list[str]) -> tuple[list[str], ast.Module, list[tuple[int, str]]]:
    """The lines without those that stop the parser, at most 200 of them."""
    lines, dropped = list(lines), list[tuple[int, str]]()
    for _ in range(200):
        try:
            return lines, ast.parse("\n".join(lines)), dropped
        except (SyntaxError, ValueError) as error:
            place = min(max((getattr(error, "lineno", None) or 1) - 1, 0), len(lines) - 1)
            while place and not lines[place].strip():
                place -= 1
            if isinstance(error, IndentationError) and lines[place].strip():
                before = next((each for each in reversed(lines[:place]) if each.strip()), "")
                if not BLOCK_HEAD.match(before) and lines[place][:1] == " " and "unexpected" in str(error):
                    lines[place] = lines[place].strip()
                    continue
            if not lines[place].strip():
                break
            dropped.append((place + 1, lines[place].strip()))
            lines[place] = ""
        except (RecursionError, MemoryError):
            break
    return [""] * len(lines), ast.Module(body=[], type_ignores=[]), [(1, lines[0][:80] if lines else "")]
