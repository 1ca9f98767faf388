"""Digits as a person draws them: strokes, each a list of points in a box from 0 to 1, y downwards."""

import base64
import io
import math

import numpy as np
from PIL import Image

from research.handwriting.strokes import render

SIDE = 280


def arc(x, y, width, height, start, end):
    """Points on an ellipse around (x, y); angles in degrees, clockwise from the right."""
    steps = max(6, abs(end - start) // 12)
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + width / 2 * math.cos(angle), y + height / 2 * math.sin(angle)) for angle in angles]


DIGITS = {
    0: [arc(0.5, 0.5, 0.56, 0.9, -80, 285)],
    1: [[(0.54, 0.06), (0.52, 0.5), (0.47, 0.95)]],
    2: [[*arc(0.5, 0.28, 0.5, 0.44, -165, 30), (0.5, 0.68), (0.22, 0.93), (0.5, 0.92), (0.82, 0.93)]],
    3: [[*arc(0.45, 0.27, 0.5, 0.42, -140, 80), *arc(0.45, 0.71, 0.58, 0.46, -80, 140)]],
    4: [[(0.3, 0.08), (0.24, 0.35), (0.2, 0.56), (0.5, 0.55), (0.84, 0.53)], [(0.7, 0.1), (0.66, 0.5), (0.6, 0.95)]],
    5: [
        [(0.32, 0.1), (0.3, 0.3), (0.27, 0.46), *arc(0.45, 0.68, 0.54, 0.5, -110, 140)],
        [(0.32, 0.1), (0.55, 0.09), (0.8, 0.07)],
    ],
    6: [[(0.68, 0.06), (0.5, 0.2), (0.34, 0.42), (0.26, 0.68), *arc(0.48, 0.72, 0.44, 0.42, 180, -170)]],
    7: [[(0.2, 0.12), (0.5, 0.11), (0.8, 0.1), (0.66, 0.36), (0.52, 0.65), (0.42, 0.94)]],
    8: [
        [
            *arc(0.5, 0.28, 0.42, 0.42, 90, -180),
            *arc(0.5, 0.28, 0.42, 0.42, -180, -270),
            *arc(0.5, 0.72, 0.5, 0.46, -90, 270),
        ]
    ],
    9: [[*arc(0.48, 0.3, 0.44, 0.44, -20, -350), (0.7, 0.24), (0.68, 0.5), (0.64, 0.72), (0.56, 0.95)]],
}


def on_canvas(strokes, *, size=190, place=(140, 140), pen_width=20):
    """Dark strokes on white paper, as the canvas sends them: uint8 (280, 280, 4)."""
    drawn = render([np.array(stroke, np.float32) for stroke in strokes], size, place, pen_width)
    paper = Image.new("RGBA", (SIDE, SIDE), "white")
    return np.asarray(Image.alpha_composite(paper, Image.fromarray(drawn)))


def as_png(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def as_canvas_sends(strokes, **options):
    """The state that the canvas sends after these strokes."""
    picture = base64.b64encode(as_png(on_canvas(strokes, **options))).decode() if strokes else EMPTY
    objects = [{"type": "Path", "path": [list(point) for point in stroke]} for stroke in strokes]
    return {"raw": {"objects": objects}, "data": f"data:image/png;base64,{picture}"}


EMPTY = base64.b64encode(as_png(np.full((SIDE, SIDE, 4), 255, np.uint8))).decode()
