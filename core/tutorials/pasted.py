"""Code as a person copies it: out of a page, a notebook or an editor, in lines that Python can parse."""

import ast
import io
import re
import tokenize
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

from core.errors import DigitLabError
from core.tutorials.indentation import indented

MOST_CHARACTERS = 1_000_000
_MOST_LINES = 20_000
_LONGEST_STATEMENT = 200
"""Lines of one statement; an open bracket in prose would otherwise swallow all code after it."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad\x0c"), None)
_FULL_WIDTH = str.maketrans("“”„‟‘’‚‛（），：；＝＋－＊／［］｛｝＜＞．＿＃", "\"\"\"\"''''(),:;=+-*/[]{}<>._#")
_SPACES = {0xA0: " ", 0x3000: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x202F: " "}
_NUMBER = re.compile(r"^\s*(\d{1,4})(?:[.:|)\]]|\s|$)[ \t]?")
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.)(?: |$)|^\s*(?:In|Out)\s*\[[\d ]*\]:\s?")
_MAGIC = re.compile(r"^\s*(?:%{1,2}[a-zA-Z]|!\s*\w|\?\w)|^\s*\w+\?\s*$")
_PRINT = re.compile(r"^(\s*)print\s+(?![=(])(.+?)\s*$")
_BLOCK = re.compile(r"^\s*(?:def|class|if|elif|else|for|while|with|try|except|finally|async)\b.*:\s*(?:#.*)?$")


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
    lines = text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES).split("\n")
    if len(lines) > _MOST_LINES:
        raise DigitLabError("tutorials.too_many_lines", limit=f"{_MOST_LINES:,}")
    lines = [f"# {line.strip()}" if _MAGIC.match(line) else line for line in lines]
    if tree := _parse("\n".join(lines)):
        kept = _without_prose(tree, lines)
        if kept is None:
            return Pasted("\n".join(lines), tree, text=text)
        lines = kept
    lines = [line.expandtabs(4).rstrip() for line in lines]
    lines = _without_prompts(_without_numbers(lines))
    lines = [f"# {line.strip()}" if _MAGIC.match(line) else line for line in lines]
    lines = [_PRINT.sub(r"\1print(\2)", line) if _PRINT.match(line) else line for line in lines]
    lines = [_dedented(line) for line in lines] if _shares_indentation(lines) else lines
    lines, left_out = _statements(indented(_plain_lines(lines)))
    tree = _parse("\n".join(lines))
    if tree is None:
        # one broken line must not hide the others: drop what stops the parser
        lines, tree, more = _until_it_parses(lines)
        left_out = [*left_out, *more]
    kept = _without_prose(tree, lines)
    if kept is not None:
        lines = kept
        tree = _parse("\n".join(lines)) or tree
    return Pasted("\n".join(lines), tree, tuple(left_out), text)


def _parse(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_numbers(lines: list[str]) -> list[str]:
    """The lines without the numbers that a page shows beside them."""
    numbered = [(place, int(found[1])) for place, line in enumerate(lines) if (found := _NUMBER.match(line))]
    written = [line for line in lines if line.strip()]
    rising = [place for (place, number), (_, after) in pairwise(numbered) if after == number + 1]
    if len(rising) < 4:
        return lines
    lone = {place for place, _ in numbered if re.fullmatch(r"\s*\d{1,4}\s*", lines[place])}
    run = _rising_runs(numbered)
    if len(rising) >= 0.5 * len(written) or run:
        inside = run or {place for place, _ in numbered}
        return [
            ("" if place in lone else _NUMBER.sub("", line, count=1)) if place in inside else line
            for place, line in enumerate(lines)
        ]
    return lines


def _rising_runs(numbered: list[tuple[int, int]]) -> set[int]:
    """The places of at least five lines that count up by one."""
    found: set[int] = set()
    run: list[int] = []
    before = None
    for place, number in numbered:
        if before is not None and number == before + 1:
            run.append(place)
        else:
            found |= set(run) if len(run) >= 5 else set()
            run = [place]
        before = number
    return found | (set(run) if len(run) >= 5 else set())


def _without_prompts(lines: list[str]) -> list[str]:
    """The lines without an interpreter's prompts; between prompts of Python, other lines are outputs."""
    prompted = [bool(re.match(r"^\s*>>>", line)) for line in lines]
    session = sum(prompted) >= 3
    found = []
    for line in lines:
        bare = _PROMPT.sub("", line, count=1)
        found.append("" if session and bare == line and line.strip() and not line.lstrip().startswith("#") else bare)
    return found


def _shares_indentation(lines: list[str]) -> bool:
    """Whether all code is indented, as a block that was copied out of another."""
    starts = [len(line) - len(line.lstrip()) for line in lines if re.match(r"\s*(import|from)\s", line)]
    return bool(starts) and min(starts) > 0


def _dedented(line: str) -> str:
    return line[4:] if line.startswith("    ") else line.lstrip()


def _plain_lines(lines: list[str]) -> list[str]:
    """The lines with quotes and brackets of the keyboard where code has those of a page."""
    found = []
    for line in lines:
        plain = line.translate(_FULL_WIDTH)
        if plain != line and _looks_like_code(plain) and not line.lstrip().startswith("#"):
            line = plain
        found.append(line)
    return found


def _looks_like_code(line: str) -> bool:
    """Whether a line has the marks of Python: an assignment, a call or an import."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line).strip()
    if not bare.isascii():
        return False
    if re.match(r"(from\s+[\w.]+\s+import\b|import\s+\w|def\s+\w+\(|class\s+\w+|for\s+.+\bin\b.+:|@\w)", bare):
        return True
    assigns = re.match(r"[\w.\[\], ()]+\s*[-+*/]?=\s*[^\s=]", bare)
    return bool(assigns or re.match(r"[\w.]+\([^)]", bare)) and not re.match(r"[=\-_]{3,}", bare)


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
            if _looks_like_code(lines[place]):
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
        if _is_statement(text):
            return place + 1
        if place == start and not _is_open(text):
            return None
        # prose within an open bracket: code never begins an import there
        if (
            place > start
            and re.match(r"\s*(import|from)\s+\w+(\s+import)?", lines[place])
            and _looks_like_code(lines[place])
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


def _without_prose(tree: ast.Module, lines: list[str]) -> list[str] | None:
    """The lines without words and outputs that happen to parse; None if there are none."""
    known = _bound_names(tree)
    gone: set[int] = set()
    for node in tree.body:
        if _is_prose(node, known):
            gone |= set(range(node.lineno - 1, (node.end_lineno or node.lineno)))
    if not gone:
        return None
    # a line may hold code after a semicolon
    kept = {
        place
        for node in tree.body
        if not _is_prose(node, known)
        for place in range(node.lineno - 1, node.end_lineno or 0)
    }
    return ["" if place in gone - kept else line for place, line in enumerate(lines)]


def _is_prose(node: ast.stmt, known: set[str]) -> bool:
    match node:
        case ast.AnnAssign(value=None, annotation=annotation):
            return (
                not isinstance(annotation, ast.Name | ast.Attribute | ast.Subscript)
                or _first_name(annotation) not in known
            )
        case ast.Expr(value=ast.Constant(value=value)):
            return not isinstance(value, str)
        case ast.Expr(
            value=ast.List() | ast.Tuple() | ast.UnaryOp() | ast.BinOp() | ast.Compare() | ast.Set() as value
        ):
            names = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
            return not names & known
        case ast.Expr(value=ast.Name() | ast.Attribute() | ast.Subscript() as value):
            return _first_name(value) not in known
    return False


def _first_name(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bound_names(tree: ast.Module) -> set[str]:
    found = {"print", "int", "float", "str", "len", "list", "dict", "tuple", "object"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8 or, failing that, in the encodings of Chinese, Japanese or Korean Windows."""
    for encoding in (
        "utf-8-sig",
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8",
        "gb18030",
        "big5",
    ):
        try:
            return unicodedata.normalize("NFC", content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
