"""Code as a person copies it: out of a page, a notebook or an editor, in lines that Python can parse."""

import ast
import io
import keyword
import re
import tokenize
from dataclasses import dataclass, field
from itertools import pairwise

from core.errors import DigitLabError
from core.tutorials.indentation import indented
from core.tutorials.page_lines import looks_like_code, plain_lines, text_lines, without_markup, without_page_marks
from core.tutorials.prose import without_prose

MOST_CHARACTERS = 1_000_000
_MOST_LINES = 20_000
_LONGEST_STATEMENT = 200
"""Lines of one statement; an open bracket in prose would otherwise swallow all code after it."""

_BLOCK = re.compile(r"^\s*(?:def|class|if|elif|else|for|while|with|try|except|finally|async)\b.*:\s*(?:#.*)?$")
_LONGEST_JOINED = 5_000
"""Characters of a line whose statements are taken apart."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """Code that parses, with as many lines as the text has; lines that are no code are empty or comments."""

    code: str
    tree: ast.Module
    left_out: tuple[tuple[int, str], ...] = ()
    """Lines that look like code and cannot be parsed, with their numbers."""
    text: str = field(default="", repr=False)


def read_code(text: str) -> Pasted:
    """The code in a text; raises DigitLabError if the text is too long."""
    if len(text) > MOST_CHARACTERS:
        raise DigitLabError("tutorials.too_long_text", limit=f"{MOST_CHARACTERS:,}")
    lines = text_lines(without_markup(text))
    if len(lines) > _MOST_LINES:
        raise DigitLabError("tutorials.too_many_lines", limit=f"{_MOST_LINES:,}")
    if tree := _parse("\n".join(lines)):
        kept = without_prose(tree, lines)
        if kept is None:
            return Pasted("\n".join(lines), tree, text=text)
        lines = kept
    lines = without_page_marks(lines)
    lines, left_out = _statements(indented(plain_lines(lines)))
    tree = _parse("\n".join(lines))
    if tree is None:
        # one broken line must not hide the others: drop what stops the parser
        lines, tree, more = _until_it_parses(lines)
        left_out = [*left_out, *more]
    kept = without_prose(tree, lines)
    if kept is not None:
        lines = kept
        tree = _parse("\n".join(lines)) or tree
    return Pasted("\n".join(lines), tree, tuple(left_out), text)


def _parse(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


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
        if end is None and (apart := _apart(lines[place])) is not None:
            found[place] = apart
            place += 1
            continue
        if end is None:
            if looks_like_code(lines[place]):
                left_out.append((place + 1, lines[place].strip()))
            place += 1
            continue
        for each in range(place, end):
            found[each] = lines[each]
        place = end
    return found, left_out


def _apart(line: str) -> str | None:
    """The statements of a line that a page joined by spaces, with semicolons between them; None for any other line."""
    if len(line) > _LONGEST_JOINED or not looks_like_code(line):
        return None
    try:
        tokens = [each for each in tokenize.generate_tokens(io.StringIO(line.strip()).readline) if each.string.strip()]
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return None
    starts, depth, imported = [0], 0, False
    for place, (before, after) in enumerate(pairwise(tokens), start=1):
        depth += (before.string in "([{") - (before.string in ")]}")
        first = tokens[starts[-1]].string
        imported = imported or before.string == "import"
        ends = before.type in (tokenize.NUMBER, tokenize.STRING) or before.string in ")]}" or _is_word(before)
        begins = (
            _is_word(after)
            or after.string == "from"
            or (after.string == "import" and (first != "from" or imported))
            or (after.string == "(" and imported and first in ("from", "import"))
        )
        if depth == 0 and ends and begins:
            starts.append(place)
            imported = False
    parts = [
        line.strip()[tokens[one].start[1] : tokens[two].start[1] if two is not None else None].strip()
        for one, two in zip(starts, [*starts[1:], None], strict=True)
    ]
    whole = len(parts) > 1 and all(_parse(part) is not None and looks_like_code(part) for part in parts)
    return "; ".join(parts) if whole else None


def _is_word(token: tokenize.TokenInfo) -> bool:
    return token.type == tokenize.NAME and not keyword.iskeyword(token.string)


def _end_of_statement(lines: list[str], start: int) -> int | None:
    """The line after the statement that begins here, or None if none does."""
    text = ""
    for place in range(start, min(len(lines), start + _LONGEST_STATEMENT)):
        text += lines[place].strip() + "\n" if place == start else lines[place] + "\n"
        if _is_statement(text):
            return place + 1
        if place == start and not _is_open(text):
            return None
        # prose within an open bracket: code never begins an import there
        if (
            place > start
            and re.match(r"\s*(import|from)\s+\w+(\s+import)?", lines[place])
            and looks_like_code(lines[place])
        ):
            return None
    return None


def _is_statement(text: str) -> bool:
    bare = text.strip()
    if re.match(r"(elif|else|except|finally)\b", bare):
        head = "try:\n pass\n" if re.match(r"(except|finally)\b", bare) else "if x:\n pass\n"
        return _parse(head + bare + ("\n pass" if bare.rstrip().endswith(":") else "")) is not None
    if _BLOCK.match(bare.splitlines()[-1]) or (
        bare.endswith(":") and re.match(r"(def|class|if|for|while|with|try)\b", bare)
    ):
        bare += "\n pass" if not bare.startswith("try") else "\n pass\nfinally:\n pass"
    if bare.startswith("@"):
        bare += "\ndef f(): pass"
    if re.match(r"(return|yield)\b", bare):
        bare = f"def f():\n {bare}"
    if re.match(r"(break|continue)\b", bare):
        bare = f"while x:\n {bare}"
    return _parse(bare) is not None


def _is_open(text: str) -> bool:
    """Whether a bracket, a triple quote or a backslash continues on the next line."""
    if text.rstrip().endswith("\\"):
        return True
    try:
        depth = 0
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
        return depth > 0
    except tokenize.TokenError:
        return True
    except (IndentationError, SyntaxError):
        return False


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
                if not _BLOCK.match(before) and lines[place][:1] == " " and "unexpected" in str(error):
                    lines[place] = lines[place].strip()
                    continue
            if not lines[place].strip():
                break
            dropped.append((place + 1, lines[place].strip()))
            lines[place] = ""
        except (RecursionError, MemoryError):
            break
    return [""] * len(lines), ast.Module(body=[], type_ignores=[]), [(1, lines[0][:80] if lines else "")]
