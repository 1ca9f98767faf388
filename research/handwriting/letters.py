"""Letters and signs as pen strokes: A. V. Hershey's single-stroke fonts (1967), written as hands write."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from HersheyFonts import HersheyFonts

from research.handwriting.hands import Random, by_hand
from research.handwriting.strokes import Strokes, path_of

LETTERS_OF_FONTS = "ACDEFGHJKLMNPRTUVWXYacdefhjkmnprtuvwxy"
SIGNS_OF_FONTS = '"#$%&*+<=>?@[]^{}~'
"""Letters and signs that look like a digit in no font."""

LEARNED_FONTS = ("rowmans", "scripts", "scriptc", "timesr")
FONTS = ("futural", "cursive", "timesi")
"""Fonts to measure with."""

Script = tuple[str, str]
"""A font, and its characters that look like no digit."""

OTHER_SCRIPTS: Sequence[Script] = (
    ("greek", "DGLPSUWXaghklmnpwxy"),
    ("japanese", "ADEFGIKMNPUVWXZ^_`abcdfghln#$%&'()*+,-./"),
    ("symbolic", "VXYZ[]adgimpwxyz{|"),
)
"""Fonts of other scripts and of symbols that the check for digits learns from."""

CYRILLIC: Script = ("cyrillic", "DEFGHILPQUW$%&]^`defghilpqtuw}")
SYMBOLS: Sequence[Script] = (
    ("astrology", "!#$%&'+-/:<>?@[]^_`{|}~"),
    ("mathlow", "!\"&':;?@^|dfhmnvwxz"),
    ("music", "'(.,;<=>?/"),
)
"""Scripts and symbols that it does not learn from."""


def letter(characters: str, fonts: Sequence[str], random: Random) -> Strokes:
    """One of these characters in one of these fonts, as written by a hand: float32 (n, 2) in a box of about 1."""
    while True:
        font, character = fonts[int(random.integers(len(fonts)))], characters[int(random.integers(len(characters)))]
        strokes = _glyphs(font).get(character)
        if strokes:
            return by_hand(strokes, random)


def of_other_scripts(random: Random, scripts: Sequence[Script] = OTHER_SCRIPTS) -> Strokes:
    """A character of another script or a symbol; arrays as in `letter`."""
    font, characters = scripts[int(random.integers(len(scripts)))]
    return letter(characters, (font,), random)


@cache
def _glyphs(font: str) -> Mapping[str, Strokes]:
    face = HersheyFonts()
    face.load_default_font(font)
    face.normalize_rendering(1.0)
    found = {}
    for character in map(chr, range(33, 127)):
        # y grows upward in the fonts
        strokes = [path_of(stroke) * (1, -1) for stroke in face.strokes_for_text(character)]
        if strokes and np.ptp(np.concatenate(strokes), axis=0).max() > 0:
            found[character] = tuple(strokes)
    return found
