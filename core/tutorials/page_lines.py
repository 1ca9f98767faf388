"""The lines of a page's copy without what the page adds: markup, line numbers, prompts and full-width signs."""

import html
import re
import unicodedata
from itertools import pairwise

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad\x0c"), None)
_FULL_WIDTH = str.maketrans("“”„‟‘’‚‛（），：；＝＋－＊／［］｛｝＜＞．。＿＃", "\"\"\"\"''''(),:;=+-*/[]{}<>.._#")
_SPACES = {0xA0: " ", 0x3000: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x202F: " "}
_NUMBER = re.compile(r"^\s*(\d{1,4})(?:[.:|)\]]|\s|$)[ \t]?")
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.:?)(?: |$)|^\s*In\s*\[[\d ]*\]:\s?")
_OUTPUT = re.compile(r"^\s*Out\s*\[[\d ]*\]:.*$")
_MAGIC = re.compile(r"^\s*(?:%{1,2}[a-zA-Z]|!\s*\w|\?\w|get_ipython\(\)\.)|^\s*\w+\?\s*$")
_PRINT = re.compile(r"^(\s*)print\s+(?![=(])(.+?)\s*$")
_GLUED = re.compile(r"^[^\x00-\x7f]+(?=(?:from\s+[\w.]+\s+import|import)\s+\w[\x00-\x7f]*$)")
"""A heading that a page put before the first line of its code, without a break."""
_COLAB = re.compile(r"^(?:from google\.colab import drive\b|drive\.(?:mount|flush_and_unmount)\()")
_MOSTLY = 0.85
"""The share of a damaged line of code that is still ASCII; a sentence that names code has less."""
_MARKUP = re.compile(r"</?(?:a|b|br|code|div|em|font|i|li|ol|p|pre|span|strong|table|tbody|td|tr|ul)(?:\s[^<>]*)?/?>")


def text_lines(text: str) -> list[str]:
    """The lines of a text, with plain spaces and ends of lines; what only a notebook understands becomes a comment."""
    lines = text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES).split("\n")
    return [_commented(line) for line in lines]


def without_markup(text: str) -> str:
    """A page's source as the page shows it; any other text as it is."""
    if not re.search(r"</(?:code|pre|span)>", text):
        return text
    return html.unescape(_MARKUP.sub("", text))


def without_page_marks(lines: list[str]) -> list[str]:
    """The lines as they stood in the editor: without numbers, prompts and a block's own indentation."""
    lines = [line.expandtabs(4).rstrip() for line in lines]
    lines = [_commented(line) for line in _without_prompts(_without_numbers(lines))]
    lines = [_PRINT.sub(r"\1print(\2)", line) if _PRINT.match(line) else line for line in lines]
    return [_dedented(line) for line in lines] if _shares_indentation(lines) else lines


def _commented(line: str) -> str:
    return f"# {line.strip()}" if _MAGIC.match(line) or _COLAB.match(line) else _GLUED.sub("", line)


def plain_lines(lines: list[str]) -> list[str]:
    """The lines with quotes and brackets of the keyboard where code has those of a page."""
    return [
        plain if (plain := plain_line(line)) != line and looks_like_code(plain) and line.lstrip()[:1] != "#" else line
        for line in lines
    ]


def plain_line(line: str) -> str:
    """The line with quotes and brackets of the keyboard in place of a page's."""
    return line.translate(_FULL_WIDTH)


def looks_like_code(line: str) -> bool:
    """Whether a line has the marks of Python: an assignment, a call or an import."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line).strip()
    if not bare.isascii():
        return False
    if re.match(r"(from\s+[\w.]+\s+import\b|import\s+\w|def\s+\w+\(|class\s+\w+|for\s+.+\bin\b.+:|@\w)", bare):
        return True
    assigns = re.match(r"[\w.\[\], ()]+\s*[-+*/]?=\s*[^\s=>]", bare)
    return bool(assigns or re.match(r"[\w.]+\([^)]", bare)) and not re.match(r"[=\-_]{3,}", bare)


def is_damaged_code(line: str) -> bool:
    """Whether a line that is not Python was most likely code, perhaps with a few signs of a page in it."""
    plain = line.encode("ascii", "ignore").decode("ascii")
    return len(plain) >= _MOSTLY * len(line) and looks_like_code(plain)


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
        bare = _OUTPUT.sub("", _PROMPT.sub("", line, count=1))
        found.append("" if session and bare == line and line.strip() and not line.lstrip().startswith("#") else bare)
    return found


def _shares_indentation(lines: list[str]) -> bool:
    """Whether all code is indented, as a block that was copied out of another."""
    starts = [len(line) - len(line.lstrip()) for line in lines if re.match(r"\s*(import|from)\s", line)]
    return bool(starts) and min(starts) > 0


def _dedented(line: str) -> str:
    return line[4:] if line.startswith("    ") else line.lstrip()


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
