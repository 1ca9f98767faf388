"""Photos of written digits to measure with: kinds that the preprocessing was developed with, and others."""

import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PIL import Image

from core.array_types import Bytes
from research.handwriting.photos import (
    BLUE_INK,
    KNOWN,
    Paper,
    Random,
    frame,
    laid,
    photographed,
    table_top,
    turned,
    write_on,
)
from research.handwriting.strokes import Strokes

_SEED = 31


def _note(strokes: Strokes, random: Random) -> Bytes:
    """A yellow note on a wooden table, turned further than any sheet above."""
    width, height = frame(random)
    note = Paper.of(random, 600, 600, (242, 222, 110))
    write_on(note, strokes, (0.35, 0.75), (30, 30, 34))
    table = table_top(random, width, height, (134, 96, 62), 0.12)
    return photographed(turned(laid(note, table, random, 4, (0.5, 0.75)), random, 8), random, blur=1.3)


def _card(strokes: Strokes, random: Random) -> Bytes:
    """An index card: a red line, then blue ones."""
    width, height = frame(random)
    card = Paper.of(random, 900, 560)
    for number in range(7):
        y = 90 + number * 68
        card.line((-5, y), (905, y), 2.5, (205, 90, 90) if number == 0 else (140, 170, 215))
    write_on(card, strokes, (0.35, 0.7))
    table = table_top(random, width, height, (96, 98, 104), 0.04)
    return photographed(laid(card, table, random, 4, (0.7, 0.9)), random)


def _whiteboard(strokes: Strokes, random: Random) -> Bytes:
    """A board with a metal frame around it, marker, and a reflection."""
    width, height = frame(random)
    board = Paper.of(random, 1000, 700, (226, 230, 234), grain=0.5)
    board.box(0, 0, 999, 699, 22, (150, 152, 156))
    write_on(board, strokes, (0.35, 0.7), ((20, 20, 24), (170, 34, 40), (24, 60, 150))[int(random.integers(3))])
    y, x = np.mgrid[0:700, 0:1000].astype(np.float32)
    glare = 24 * np.exp(-(((x - random.uniform(200, 800)) / 120) ** 2) - ((y - random.uniform(100, 600)) / 90) ** 2)
    board.pixels += glare[..., None]
    wall = table_top(random, width, height, (196, 186, 170), 0.01)
    return photographed(laid(board, wall, random, 4, (0.75, 0.92)), random)


def _ledger(strokes: Strokes, random: Random) -> Bytes:
    """A page of accounts: pale level lines, and red and blue columns of different widths."""
    width, height = frame(random)
    paper = Paper.of(random, width, height, (232, 236, 222))
    paper.ruled(height * random.uniform(0.09, 0.14), random.uniform(1.5, 2.5), (160, 190, 200))
    x = random.uniform(0.05, 0.2) * width
    while x < width:
        color = ((200, 90, 90), (110, 140, 200))[int(random.integers(2))]
        for line in range(int(random.integers(1, 3))):
            paper.line((x + 7 * line, -5), (x + 7 * line, height + 5), random.uniform(1.5, 3), color)
        x += random.uniform(0.12, 0.35) * width
    write_on(paper, strokes, (0.3, 0.65))
    return photographed(turned(paper.pixels, random, 4), random)


def _dotted(strokes: Strokes, random: Random) -> Bytes:
    """A form's dotted line, with the digit on it."""
    width, height = sorted(frame(random), reverse=True)
    paper = Paper.of(random, width, height)
    base, gray, step = random.uniform(0.6, 0.85) * height, random.uniform(30, 110), random.uniform(12, 20)
    for x in np.arange(0.08 * width, 0.92 * width, step):
        paper.line((x, base), (x + 1, base), 5, (gray, gray, gray))
    size = random.uniform(0.3, 0.5) * height
    middle = (random.uniform(0.25, 0.75) * width, base - size / 2 - random.uniform(-0.06, 0.05) * size)
    paper.write(strokes, middle, size, size * random.uniform(0.05, 0.12), BLUE_INK)
    return photographed(turned(paper.pixels, random, 3), random)


def _envelope(strokes: Strokes, random: Random) -> Bytes:
    """Brown paper with a thick pen, out of focus."""
    paper = Paper.of(random, *frame(random), (186, 150, 108), grain=3)
    write_on(paper, strokes, (0.3, 0.7), (28, 26, 26))
    return photographed(turned(paper.pixels, random, 8), random, blur=2.6)


UNKNOWN: Mapping[str, Callable[[Strokes, Random], Bytes]] = {
    "yellow note on a wooden table": _note,
    "index card on a gray table": _card,
    "whiteboard in its frame": _whiteboard,
    "brown envelope, out of focus": _envelope,
    "columns of a ledger": _ledger,
    "dotted line of a form": _dotted,
}
"""The kinds that it was not developed with."""


def photo(kind: str, strokes: Strokes, number: int, *, seed: int = _SEED) -> Bytes:
    """A photo of this digit, uint8 (H, W, 4), the same for the same number and seed."""
    kinds = {**KNOWN, **UNKNOWN}
    random = np.random.default_rng((seed, list(kinds).index(kind), number))
    return kinds[kind](strokes, random)


def row_of(digits: Sequence[Strokes], number: int, *, seed: int = _SEED) -> Bytes:
    """A photo of these digits in a row, uint8 (H, W, 4)."""
    random = np.random.default_rng((seed, 1_000, number))
    width, height = sorted(frame(random), reverse=True)
    paper = Paper.of(random, width, height)
    step = width / (len(digits) + 0.4)
    size = random.uniform(0.6, 0.75) * min(step, height)
    pen, y = size * random.uniform(0.05, 0.11), height * random.uniform(0.4, 0.6)
    for place, strokes in enumerate(digits):
        paper.write(strokes, ((place + 0.7) * step, y + random.normal(0, 0.04 * size)), size, pen, BLUE_INK)
    return photographed(turned(paper.pixels, random, 3), random)


def large_photo(strokes: Strokes) -> bytes:
    """The file of a photo of 12 megapixels: a sheet on a brown table."""
    small = KNOWN["sheet on a brown table"](strokes, np.random.default_rng((_SEED, 2_000)))
    size = (4_000, 3_000) if small.shape[1] > small.shape[0] else (3_000, 4_000)
    file = io.BytesIO()
    Image.fromarray(small[..., :3]).resize(size, Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return file.getvalue()
