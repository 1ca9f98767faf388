"""Letters and signs as pen strokes: A. V. Hershey's single-stroke fonts (1967), written as hands write."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from HersheyFonts import HersheyFonts

from research.handwriting.hands import Random, by_hand
from research.handwriting.strokes import Strokes, path_of

LETTERS = "ACEFGHJKLMNPRTUVWXYacdefhkmnprtuvwxy"
"""Letters that look like a digit in a font are left out."""

SIGNS = "&]}$@=+?[{#%*<>"
FONTS = ("futural", "scripts", "cursive", "timesi")


def letter(characters: str, fonts: Sequence[str], random: Random) -> Strokes:
    """One of these characters in one of these fonts, as written by a hand: float32 (n, 2) in a box of about 1."""
    while True:
        font, character = fonts[int(random.integers(len(fonts)))], characters[int(random.integers(len(characters)))]
        strokes = _glyphs(font).get(character)
        if strokes:
            return by_hand(strokes, random)


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
