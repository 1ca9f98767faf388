"""Takes apart statements that a page's copy joined on one line, with the comments and words between them."""

import keyword
import re
import sys

from core.tutorials.page_lines import plain_line
from core.tutorials.statements import BLOCK_HEAD, is_statement

_MOST_CHARACTERS = 20_000
"""Of a line whose statements are taken apart."""
_LONG = 100
"""Characters of a line that has words between its statements, in code or behind `#`."""
_LONGEST_STATEMENT = 2_000
"""Characters; a bracket in a comment that nothing closes would otherwise swallow the line."""
_MOST_FAILURES = 50
"""Places in one comment that look like a statement and are not one."""
_TARGET = r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[[^\[\]]{1,80}\])*"
_TUPLE = rf"\(\s*{_TARGET}(?:\s*,\s*{_TARGET})*\s*\)"
_ANY_TARGET = rf"(?:{_TUPLE}|{_TARGET})"
_ASSIGNMENT = re.compile(rf"{_ANY_TARGET}(?:\s*,\s*{_ANY_TARGET})*\s*(?:[-+*/]=|=)(?!=)")
_CALL = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\(|print\s*[(\"']")
_BLOCK = re.compile(
    r"(?:def\s+\w+\s*\(|class\s+\w+\s*[(:]|(?:if|elif|while|with)\b[^#]{1,200}?:(?=\s)|(?:else|try|finally)\s*:"
    r"|for\s+[\w, ()]+\s+in\b[^#]{1,200}?:(?=\s)|except\b[^:]{0,40}:)"
)
_IMPORT = re.compile(r"(?:from\s+([\w.]+)\s+import\s+[\w*(]|import\s+([\w.]+)(\s+as\s+\w+)?)")
_WORD = re.compile(
    r"(?:return|del|assert|global)\s+[^\W\d]\w*(?=[\s.,\[(]|$)|@[^\W\d][\w.]*|(?:pass|break|continue|return)(?=\s|$)"
)
_LIBRARIES = sys.stdlib_module_names | {
    *("keras", "tensorflow", "numpy", "pandas", "matplotlib", "sklearn", "scipy", "seaborn", "cv2", "PIL", "tqdm"),
    *("h5py", "skimage", "theano", "torch", "jax", "plotly", "pydot", "requests", "tensorflow_datasets", "mnist"),
}
_TOKEN = re.compile(
    r"\s+|#|[rbfuRBFU]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|\d[\w.]*(?:[eE][-+]\d+)?|\w+|[-+*/=<>!]=|\*\*|//|."
)
_OPERATORS = {"and", "or", "not", "in", "is", "as", "lambda", "await"}
"""Words that an operand stands before or after within one expression."""


def without_joins(lines: list[str]) -> tuple[list[str], int]:
    """The lines with the statements of each joined line apart; the first that got lines for its comments, or 0.

    Statements alone stay on their line, with semicolons between them.
    """
    found: list[str] = []
    first = 0
    for line in lines:
        apart = _split(plain_line(line)) if len(line) <= _MOST_CHARACTERS and _may_be_joined(line) else [line]
        if len(apart) > 1 and not any(part.startswith("#") or BLOCK_HEAD.match(part) for part in apart):
            apart = ["; ".join(apart)]
        elif len(apart) > 1:
            first = first or len(found) + 1
        found += apart
    return found, first


def _may_be_joined(line: str) -> bool:
    if line.count("(") + line.count("=") + line.count("import ") < 2:
        return False
    return not is_statement(line) or (len(line) > _LONG and "#" in line)


def _split(line: str) -> list[str]:
    """The statements of a line, comments and words as comments between them; the line itself if there is only one."""
    found: list[str] = []
    place, statements = 0, 0
    while place < len(line):
        start = _next_start(line, place)
        words = line[place : start if start is not None else None].strip(" #;\t")
        if words:
            found.append(f"# {words}")
        if start is None:
            break
        text, place = _statement(line, start)
        if is_statement(text):
            statements += 1
            found.append(text)
        else:
            found.append(f"# {text}")
    wordless = statements == len(found)
    return found if statements > 1 and (wordless or (statements > 2 and len(line) > _LONG)) else [line]


def _next_start(line: str, place: int) -> int | None:
    """Where the next statement begins; behind `#`, after the comment."""
    rest = re.compile(r"[\s;]*").match(line, place)
    place = rest.end() if rest else place
    if place == len(line):
        return None
    if line[place] != "#":
        return place if _begins(line, place, any_module=True) else _after_words(line, place)
    mark = re.compile(r"#[#\s=*-]*").match(line, place)
    first = mark.end() if mark else place + 1
    if re.match(r"#\s*\S", line[place:first] + "x") and _begins(line, first) and line[place:first].count("#") == 1:
        # a statement that somebody commented out
        _, end = _statement(line, first)
        return _after_words(line, end) if line[end : end + 1] != "#" else _next_start(line, end)
    return _after_words(line, first)


def _after_words(line: str, place: int) -> int | None:
    """The first word at which a statement begins that another statement, a comment or the end follows."""
    failed = 0
    for found in re.compile(r"(?<![\w.\"'(\[=,])[\w(@]|#").finditer(line, place):
        at = found.start()
        if failed > _MOST_FAILURES:
            break
        if line[at] == "#":
            return _next_start(line, at)
        if _begins(line, at):
            text, end = _statement(line, at)
            after = re.compile(r"[\s;]*").match(line, end)
            follows = after.end() if after else end
            if is_statement(text) and (follows == len(line) or line[follows] == "#" or _begins(line, follows)):
                return at
            failed += 1
    return None


def _begins(line: str, place: int, *, any_module: bool = False) -> bool:
    """Whether a statement may begin here; in a comment, `import` is a word unless a known module follows."""
    if found := _IMPORT.match(line, place):
        module = (found[1] or found[2]).partition(".")[0]
        return any_module or bool(found[1] or found[3]) or module in _LIBRARIES
    return any(pattern.match(line, place) for pattern in (_ASSIGNMENT, _CALL, _BLOCK, _WORD))


def _statement(line: str, start: int) -> tuple[str, int]:
    """The statement or the head of a block that begins here, without comments, and where it ends."""
    text, place, depth = "", start, 0
    block = bool(_BLOCK.match(line, start))
    imports = re.compile(r"from\b").match(line, start) is not None
    operand = lambdas = False
    before = ""
    while place < min(len(line), start + _LONGEST_STATEMENT):
        token = _TOKEN.match(line, place)
        if token is None:
            break
        word = token[0]
        if word.isspace():
            text += " "
            place = token.end()
            continue
        if word == "#":
            resumed = _within_brackets(line, place + 1) if depth else None
            if resumed is None:
                break
            text, place = text + " ", resumed
            continue
        if depth == 0 and word == ";":
            break
        if depth == 0 and operand and _is_next(line, place, word, before, imports=imports):
            break
        imports = imports and word != "import"
        lambdas = word == "lambda" or (lambdas and word != ":")
        text += word
        ends = depth == 0 and word == ":" and block and not lambdas
        depth += (word in "([{") - (word in ")]}")
        place = token.end()
        if ends or depth < 0:
            break
        operand = word in ")]}" or word[0] not in "([{.,:=+-*/%<>!@&|^~"
        operand = operand and (not keyword.iskeyword(word) or word in ("None", "True", "False"))
        before = word
    return text.strip(), max(place, start + 1)


def _is_next(line: str, place: int, word: str, before: str, *, imports: bool) -> bool:
    """Whether the word after an operand begins another statement: two operands never stand side by side."""
    if word in _OPERATORS or (word == "import" and imports):
        return False
    if word == "else":
        return re.compile(r"else\s*:").match(line, place) is not None
    if word == "if":
        found = re.compile(r"if\b[^#]{1,200}?(\belse\b|:)").match(line, place)
        return found is None or found[1] == ":"
    apart = line[place - 1 : place].isspace()
    if word == "(":
        return apart and _ASSIGNMENT.match(line, place) is not None
    if word[-1] in "\"'" and before[-1:] in "\"'":
        return '"""' in word or "'''" in word
    if word == "@":
        return apart and re.compile(r"@[\w.]+(?:\([^)]*\))?\s+(?:def|class)\b").match(line, place) is not None
    return apart and (word[0].isalnum() or word[0] in "_\"'") and before != "print"


def _within_brackets(line: str, place: int) -> int | None:
    """Where the code goes on after a comment between brackets."""
    opened = 0
    pattern = re.compile(
        r"(?<![\w.])(?:[^\W\d]\w*\s*=(?!=)\s*\S|[^\W\d]\w*(?:\.\w+)*\(|\"[^\"]*\"\s*[,)\]:]|'[^']*'\s*[,)\]:]|\d[\d.e-]*\s*[,)\]])|[()\]}\[]"
    )
    for found in pattern.finditer(line, place):
        if found[0] in "([":
            opened += 1
        elif found[0] in ")]}" and opened:
            opened -= 1
        elif not opened:
            return found.start()
    return None
