"""Rebuilds the indentation that a page's copy has lost."""

import re

_HEAD = re.compile(r"(def|class|if|elif|else|for|while|with|try|except|finally)\b.*:\s*(#.*)?$")
_TOP = re.compile(r"(import\s|from\s+[\w.]+\s+import\b|class\s|if\s+__name__)")


def indented(lines: list[str]) -> list[str]:
    """The lines with each block indented whose head is followed by a line that is not."""
    if not _is_lost(lines):
        return lines
    found: list[str] = []
    place = 0
    sizes: dict[int, int] = {}
    while place < len(lines):
        place = _block(lines, place, 0, found, sizes)
    return found


def _is_lost(lines: list[str]) -> bool:
    """Whether a block's head is followed by a line at its own level, and no line of code is indented."""
    for place, line in enumerate(lines):
        if _HEAD.match(line) and not _continues(lines, place):
            after = next(
                (each for each in lines[place + 1 :] if each.strip() and not each.lstrip().startswith("#")), ""
            )
            if after and not after.startswith((" ", "\t")):
                return True
    return False


def _continues(lines: list[str], place: int) -> bool:
    return lines[place].count("(") != lines[place].count(")")


def _block(lines: list[str], place: int, depth: int, found: list[str], sizes: dict[int, int]) -> int:
    """Write the statement at a place and, under a head, its body; returns the place after them.

    `sizes` has the number of statements in the last `if` at each depth: its `else` most likely has as many.
    """
    start = place
    place = _statement(lines, place, depth, found)
    head = lines[start].strip()
    last = lines[place - 1].strip()
    if not re.match(r"(def|class|if|elif|else|for|while|with|try|except|finally)\b", head) or not re.search(
        r":\s*(#.*)?$", last
    ):
        return place
    word = re.match(r"\w+", head)
    kind = word[0] if word else ""
    if place < len(lines) and lines[place].startswith((" ", "\t")):
        # this block kept its indentation
        while place < len(lines) and (not lines[place].strip() or lines[place].startswith((" ", "\t"))):
            found.append("    " * depth + lines[place] if lines[place].strip() else "")
            place += 1
        return place
    mine = _names(head)
    written = 0
    while place < len(lines):
        before = place
        while place < len(lines) and (not lines[place].strip() or lines[place].lstrip().startswith("#")):
            place += 1
        if place == len(lines) or (
            place > before and kind in ("def", "class") and _heading_ends(lines, before, kind, written)
        ):
            place = before
            break
        line = lines[place].strip()
        alternative = kind == "if" and _has_else(lines, place)
        full = written >= (sizes.get(depth, 1) if kind in ("else", "elif") else 1)
        ends = re.match(r"(else|elif)\b", line) if alternative else _ends(kind, head, line, mine, full=full)
        if written and ends:
            # comments above the next statement are its own
            place = before
            break
        for each in lines[before:place]:
            found.append("    " * (depth + 1) + each.strip() if each.strip() else "")
        assigned = re.match(r"([\w, ]+?)\s*[-+*/]?=[^=]", line)
        returns = line.startswith("return")
        place = _block(lines, place, depth + 1, found, sizes)
        written += 1
        mine |= _names(assigned[1]) if assigned and kind in ("for", "while", "with") else set()
        if returns and kind != "class":
            break
    if kind == "if":
        sizes[depth] = written
    return place


def _statement(lines: list[str], place: int, depth: int, found: list[str]) -> int:
    """Write one statement, over several lines while a bracket is open."""
    balance = 0
    while place < len(lines):
        line = lines[place].strip()
        found.append("    " * depth + line if line else "")
        code = re.sub(r"(\"[^\"]*\"|'[^']*'|#.*)", "", line)
        balance += sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
        place += 1
        if balance <= 0 and not line.endswith("\\"):
            break
    return place


def _heading_ends(lines: list[str], place: int, kind: str, written: int) -> bool:
    """Whether an empty line or a heading's comment ends a function, and the next statement is outside."""
    if not written:
        return False
    after = next((each.strip() for each in lines[place:] if each.strip() and not each.strip().startswith("#")), "")
    if kind == "class" and after.startswith("def "):
        return False
    return bool(_TOP.match(after)) or after.startswith("def ")


def _has_else(lines: list[str], place: int) -> bool:
    """Whether an `else` follows before any other block."""
    for line in lines[place:]:
        if re.match(r"\s*(else|elif)\b.*:", line):
            return True
        if _HEAD.match(line.strip()):
            return False
    return False


def _ends(kind: str, head: str, line: str, mine: set[str], *, full: bool) -> bool:
    """Whether a line stands after a block: by its first word, or because it uses nothing of the block's."""
    first = re.match(r"\w+", line)
    word = first[0] if first else ""
    if word in ("elif", "else", "except", "finally"):
        return True
    if _TOP.match(line) or (word in ("def",) and kind != "class"):
        return True
    if kind == "def":
        name = re.match(r"def\s+(\w+)", head)
        return bool(name and re.search(rf"(?<![\w.]){name[1]}\s*\(", line)) and not line.startswith("return")
    if kind == "class":
        name = re.match(r"class\s+(\w+)", head)
        return bool(name and re.search(rf"\b{name[1]}\b", line)) or not (
            word == "def" or line.startswith(("@", "self"))
        )
    if kind in ("for", "with", "while"):
        return not (_names(line) & mine)
    return full and kind in ("if", "else", "elif", "except", "finally")


def _names(text: str) -> set[str]:
    words = set(re.findall(r"[^\W\d]\w*", re.sub(r"(\"[^\"]*\"|'[^']*')", "", text)))
    known = {
        "for",
        "in",
        "range",
        "with",
        "open",
        "as",
        "while",
        "if",
        "not",
        "and",
        "or",
        "def",
        "enumerate",
        "zip",
        "len",
        "print",
    }
    return words - known
