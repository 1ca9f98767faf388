"""Photos of written digits, made by code: paper, table, light, camera, and JPEG."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image

from core.array_types import Bytes, Floats
from core.drawing.pictures import read_picture
from research.handwriting.strokes import Strokes

Random = np.random.Generator
Color = Sequence[float]

_SHIFT = 4
"""Binary places of a coordinate in `cv2.polylines`."""

WHITE: Color = (238, 236, 228)
BLUE_INK: Color = (34, 40, 96)


@dataclass(slots=True, eq=False)
class Paper:
    """A sheet, float32 (h, w, 3) in 0..255, to write on."""

    pixels: Floats
    random: Random
    marks: list[tuple[float, float, float]] = field(default_factory=list)

    @classmethod
    def of(cls, random: Random, width: int, height: int, color: Color = WHITE, grain: float = 1.5) -> "Paper":
        """A blank sheet with a fine grain."""
        pixels = np.full((height, width, 3), color, np.float32)
        pixels += cv2.GaussianBlur(random.normal(0, 3 * grain, (height, width, 1)).astype(np.float32), (0, 0), 1.5)[
            ..., None
        ]
        return cls(pixels, random)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def lay(self, opacity: Floats, color: Color) -> None:
        """Cover the sheet with this color where it is opaque, float32 (h, w) in 0..1."""
        left, top, width, height = cv2.boundingRect((opacity > 0).astype(np.uint8))
        box = slice(top, top + height), slice(left, left + width)
        self.pixels[box] += opacity[box][..., None] * (np.array(color, np.float32) - self.pixels[box])

    def write(self, strokes: Strokes, place: tuple[float, float], size: float, pen: float, color: Color) -> None:
        """Write a digit with its box's middle at `place` and a longer side of `size`; `pen` is its width, in pixels."""
        points = np.concatenate(list(strokes))
        low, high = points.min(axis=0), points.max(axis=0)
        scale = max(size - pen, 1) / max(float((high - low).max()), 1e-6)
        drawn = np.zeros(self.pixels.shape[:2], np.uint8)
        for stroke in strokes:
            line = ((stroke - (low + high) / 2) * scale + np.array(place)) * 2**_SHIFT
            corners = np.round(line).astype(np.int32)
            if len(corners) == 1:
                corners = np.concatenate([corners, corners + 1])
            cv2.polylines(drawn, [corners], False, 255, max(1, round(pen)), cv2.LINE_AA, _SHIFT)
        uneven = self.random.normal(0.93, 0.05, tuple(max(2, side // 12) for side in self.size[::-1]))
        pressure = cv2.resize(uneven.astype(np.float32), self.size, interpolation=cv2.INTER_CUBIC)
        self.lay(np.asarray(drawn / 255 * np.clip(pressure, 0.6, 1), np.float32), color)

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float, color: Color) -> None:
        """A printed line."""
        drawn = np.zeros(self.pixels.shape[:2], np.uint8)
        corners = np.round(np.array([start, end]) * 2**_SHIFT).astype(np.int32)
        cv2.polylines(drawn, [corners], False, 255, max(1, round(width)), cv2.LINE_AA, _SHIFT)
        self.lay(np.asarray(drawn / 255, np.float32), color)

    def box(self, left: float, top: float, right: float, bottom: float, width: float, color: Color) -> None:
        """A printed rectangle."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
            self.line(start, end, width, color)

    def ruled(self, step: float, width: float, color: Color, *, squares: bool = False) -> None:
        """Lines across the whole sheet, and with `squares` down it too."""
        first = self.random.uniform(0, step)
        for y in np.arange(first, self.size[1], step):
            self.line((-5, y), (self.size[0] + 5, y), width, color)
        if squares:
            for x in np.arange(self.random.uniform(0, step), self.size[0], step):
                self.line((x, -5), (x, self.size[1] + 5), width, color)


def write_on(paper: Paper, strokes: Strokes, share: tuple[float, float], color: Color = BLUE_INK) -> None:
    """Write the digit anywhere on the sheet, at this share of its shorter side."""
    random, (width, height) = paper.random, paper.size
    size = random.uniform(*share) * min(width, height)
    x, y = (random.uniform(0.56 * size + 0.03 * side, side - 0.56 * size - 0.03 * side) for side in (width, height))
    paper.write(strokes, (x, y), size, size * random.uniform(0.035, 0.12), color)


def frame(random: Random, low: int = 800) -> tuple[int, int]:
    """Width and height of a picture, upright or across."""
    long, short = int(low * random.uniform(1.5, 1.7)), int(low * random.uniform(1.1, 1.25))
    return (long, short) if random.random() < 0.5 else (short, long)


def table_top(random: Random, width: int, height: int, color: Color, grain: float) -> Floats:
    """A table top with stretched grain."""
    coarse = random.normal(0, 1, (max(2, height // 6), max(2, width // 90))).astype(np.float32)
    if random.random() < 0.5:
        coarse = random.normal(0, 1, (max(2, height // 90), max(2, width // 6))).astype(np.float32)
    texture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    table: Floats = np.array(color, np.float32) * (1 + grain * texture[..., None])
    return table


def laid(paper: Paper, table: Floats, random: Random, sides: int, cover: tuple[float, float]) -> Floats:
    """The sheet on a table that is visible on this many sides, turned and seen at a slant."""
    height, width = table.shape[:2]
    w, h = paper.size
    scale = random.uniform(*cover) * min(width / w, height / h)
    half = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) * scale / 2
    turn = np.deg2rad(random.uniform(-9, 9))
    corners = half @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    corners *= 1 + random.uniform(-0.035, 0.035, (4, 2))
    low, high = corners.min(axis=0), corners.max(axis=0)
    room = np.array([width, height]) - (high - low)
    corners += random.uniform(0.2, 0.8, 2) * np.maximum(room, 0) - low
    if sides == 3:
        # one side runs out of the picture
        first, last = corners.min(axis=0), corners.max(axis=0)
        beyond = 0.03 * np.array([width, height])
        ways = ((0, -first[1] - beyond[1]), (width - last[0] + beyond[0], 0),
                (0, height - last[1] + beyond[1]), (-first[0] - beyond[0], 0))  # fmt: skip
        corners += ways[int(random.integers(4))]
    source = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    seen = cv2.warpPerspective(paper.pixels, matrix, (width, height), flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.ones((h, w), np.float32), matrix, (width, height))[..., None]
    shadow = cv2.GaussianBlur(covered, (0, 0), 6)
    dark = table * (1 - 0.25 * np.roll(shadow, (5, 4), (0, 1))[..., None])
    photo: Floats = dark * (1 - covered) + seen * covered
    return photo


def photographed(
    scene: Floats, random: Random, *, darkest: float = 0.72, blur: float = 0.9, shadow: float = 0
) -> Bytes:
    """Light from one side, a soft shadow, a lens, grain and JPEG: uint8 (H, W, 4), as a page reads it."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    along = (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)) / 1.2 + 0.5
    light = darkest + (1 - darkest) * along
    if shadow:
        way = random.uniform(0, 2 * np.pi)
        side = np.cos(way) * (x - random.uniform(0.35, 0.65)) + np.sin(way) * (y - random.uniform(0.35, 0.65))
        light = light - shadow / (1 + np.exp(-side * random.uniform(15, 40)))
    seen = scene * np.clip(light, 0.08, 1)[..., None] * np.array((1, 0.985, random.uniform(0.88, 1)), np.float32)
    seen = cv2.GaussianBlur(seen, (0, 0), blur)
    seen += random.normal(0, random.uniform(1.5, 4.5), seen.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=int(random.integers(70, 94)))
    return read_picture(file.getvalue())


def _plain(strokes: Strokes, random: Random) -> Bytes:
    paper = Paper.of(random, *frame(random))
    write_on(paper, strokes, (0.3, 0.75))
    return photographed(paper.pixels, random)


def _shaded(strokes: Strokes, random: Random) -> Bytes:
    paper = Paper.of(random, *frame(random))
    write_on(paper, strokes, (0.3, 0.75))
    return photographed(paper.pixels, random, darkest=0.4, shadow=random.uniform(0.15, 0.3))


def _pencil(strokes: Strokes, random: Random) -> Bytes:
    paper = Paper.of(random, *frame(random), grain=2.5)
    gray = random.uniform(110, 150)
    write_on(paper, strokes, (0.3, 0.75), (gray, gray, gray))
    return photographed(paper.pixels, random)


def _ruled(strokes: Strokes, random: Random, *, squares: bool = False) -> Bytes:
    width, height = frame(random)
    paper = Paper.of(random, width, height)
    color = [(150, 180, 215), (170, 170, 175), (120, 150, 205)][int(random.integers(3))]
    step = min(width, height) * (random.uniform(0.05, 0.1) if squares else random.uniform(0.09, 0.16))
    paper.ruled(step, random.uniform(1.5, 3.5), color, squares=squares)
    write_on(paper, strokes, (0.3, 0.7))
    return photographed(turned(paper.pixels, random, 5), random)


def turned(pixels: Floats, random: Random, most: float) -> Floats:
    """The page turned by up to this many degrees and cropped, so that it still fills the picture."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-most, most), 1.0)
    turned = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return turned.astype(np.float32)


def _blackboard(strokes: Strokes, random: Random) -> Bytes:
    paper = Paper.of(random, *frame(random), ((42, 66, 54), (45, 46, 50))[int(random.integers(2))], grain=3)
    write_on(paper, strokes, (0.35, 0.75), (215, 218, 212))
    return photographed(paper.pixels, random)


def _on_table(*colors: Color, grain: float = 0.05) -> Callable[[Strokes, Random], Bytes]:
    def photo(strokes: Strokes, random: Random) -> Bytes:
        width, height = frame(random)
        paper = Paper.of(random, *((900, 640) if width > height else (640, 900)))
        write_on(paper, strokes, (0.25, 0.7))
        table = table_top(random, width, height, colors[int(random.integers(len(colors)))], grain)
        sides = 4 if random.random() < 0.6 else 3
        return photographed(laid(paper, table, random, sides, (0.62, 0.85)), random)

    return photo


def _boxed(strokes: Strokes, random: Random) -> Bytes:
    width, height = frame(random)
    paper = Paper.of(random, width, height)
    side = random.uniform(0.35, 0.75) * min(width, height)
    x, y = (random.uniform(0.05 * n, 0.95 * n - side) for n in (width, height))
    gray = random.uniform(20, 110)
    paper.box(x, y, x + side * random.uniform(0.8, 1), y + side, random.uniform(2, 6), (gray, gray, gray + 8))
    size = side * random.uniform(0.45, 0.75)
    middle = (x + side * 0.45 + random.normal(0, 0.03 * side), y + side / 2 + random.normal(0, 0.03 * side))
    paper.write(strokes, middle, size, size * random.uniform(0.045, 0.12), BLUE_INK)
    return photographed(turned(paper.pixels, random, 4), random)


def _cells(strokes: Strokes, random: Random) -> Bytes:
    """A row of cells of a form, one of them filled in."""
    width, height = sorted(frame(random), reverse=True)
    paper = Paper.of(random, width, height)
    count = int(random.integers(3, 7))
    cell = 0.86 * width / count
    tall = min(cell * random.uniform(1.0, 1.3), 0.7 * height)
    left, top = 0.07 * width, random.uniform(0.1 * height, 0.9 * height - tall)
    gray, line = random.uniform(30, 120), random.uniform(2, 4)
    for number in range(count):
        paper.box(left + number * cell, top, left + (number + 1) * cell, top + tall, line, (gray, gray, gray))
    number, size = int(random.integers(count)), min(cell, tall) * random.uniform(0.5, 0.78)
    middle = (left + (number + 0.5) * cell + random.normal(0, 0.03 * cell), top + tall / 2)
    paper.write(strokes, middle, size, size * random.uniform(0.05, 0.12), BLUE_INK)
    return photographed(turned(paper.pixels, random, 3), random)


def _comb(strokes: Strokes, random: Random) -> Bytes:
    """A comb field of a form: a base line with short separators."""
    width, height = sorted(frame(random), reverse=True)
    paper = Paper.of(random, width, height)
    count, gray = int(random.integers(4, 8)), random.uniform(30, 110)
    cell, base = 0.84 * width / count, random.uniform(0.45, 0.8) * height
    paper.line((0.08 * width, base), (0.92 * width, base), 3, (gray, gray, gray))
    for number in range(count + 1):
        x = 0.08 * width + number * cell
        paper.line((x, base), (x, base - 0.3 * cell), 3, (gray, gray, gray))
    size, number = cell * random.uniform(0.55, 0.8), int(random.integers(count))
    middle = (0.08 * width + (number + 0.5) * cell, base - size / 2 - 0.06 * cell)
    paper.write(strokes, middle, size, size * random.uniform(0.05, 0.12), BLUE_INK)
    return photographed(turned(paper.pixels, random, 3), random)


def _black_squares(strokes: Strokes, random: Random) -> Bytes:
    width, height = frame(random)
    paper = Paper.of(random, width, height, (32, 32, 36), grain=2)
    gray = random.uniform(95, 150)
    paper.ruled(
        min(width, height) * random.uniform(0.05, 0.1), random.uniform(1.5, 3), (gray, gray, gray), squares=True
    )
    write_on(paper, strokes, (0.3, 0.7), (225, 225, 220))
    return photographed(turned(paper.pixels, random, 4), random)


def _pasted(strokes: Strokes, random: Random) -> Bytes:
    """A gray piece of paper on a white one."""
    width, height = frame(random)
    gray = random.uniform(150, 195)
    piece = Paper.of(random, *((700, 560) if width > height else (560, 700)), (gray, gray, gray))
    write_on(piece, strokes, (0.35, 0.75))
    white = np.full((height, width, 3), 246, np.float32)
    return photographed(laid(piece, white, random, 4, (0.5, 0.8)), random)


def _small(strokes: Strokes, random: Random) -> Bytes:
    paper = Paper.of(random, *frame(random, 1_200))
    write_on(paper, strokes, (0.045, 0.1))
    return photographed(paper.pixels, random)


KNOWN: Mapping[str, Callable[[Strokes, Random], Bytes]] = {
    "plain sheet": _plain,
    "sheet in uneven light": _shaded,
    "pencil": _pencil,
    "ruled paper": _ruled,
    "squared paper": lambda strokes, random: _ruled(strokes, random, squares=True),
    "blackboard": _blackboard,
    "sheet on a light table": _on_table((205, 180, 150), (196, 188, 176), (214, 196, 160)),
    "sheet on a brown table": _on_table((120, 82, 54), (92, 62, 44), (150, 104, 66), grain=0.08),
    "sheet on a black table": _on_table((30, 30, 32), (44, 42, 40)),
    "printed box": _boxed,
    "cells of a form": _cells,
    "black squared paper": _black_squares,
    "gray paper on white": _pasted,
    "small digit on a large sheet": _small,
    "comb field of a form": _comb,
}
"""The kinds that the preprocessing of photos was developed with."""
