"""Texts that fit their place: in one line, not too long, and broken where they may be."""

import re
import unicodedata

_BEFORE_PERCENT = re.compile(r"(?<=[\d}]) (?=%)")


def one_line(text: str) -> str:
    """The text in one line, without characters that cannot be printed: controls, direction marks, lone surrogates."""
    # the two joiners belong to letters and emoji
    shown = (character if character.isprintable() or character in "\u200c\u200d" else " " for character in text)
    return " ".join("".join(shown).split())


def shortened(text: str, longest: int) -> str:
    """The text in at most this many characters, cut in the middle: `mlp-512 · rate 0.…batch 64`.

    Names share their beginnings, and what tells them apart is often at the end.
    """
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 3
    return f"{text[: longest - 1 - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"


def fitted(text: str, columns: int) -> str:
    """The text cut as by `shortened` to the width of this many Latin letters, of which a Chinese one takes two."""
    longest = len(text)
    while len(cut := shortened(text, longest)) + wide_letters(cut) > columns:
        longest -= 1
    return cut


def wide_letters(text: str) -> int:
    """How many of its letters are as wide as high, as Chinese ones are."""
    return sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def unbroken(text: str) -> str:
    """The text with a no-break space between a number, or the `{name}` field of one, and its sign for percent."""
    return _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}", text)
