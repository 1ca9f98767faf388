"""Ink on photographed paper: the light is divided out, and grain is kept apart from ink."""

import cv2
import numpy as np

from core.array_types import Bytes, Floats
from core.errors import EmptyDrawing

FAINTEST = 0.12
"""Share of the light that the faintest ink absorbs."""

_SMALL = 240
_FAINT = 0.35
"""Share of the pen's darkness from which a pixel counts as ink."""
_NOISE = 6.0


def ink_on_paper(rgb: Bytes) -> Floats:
    """The ink in a photo of paper, uint8 (h, w, 3), in varying light: float32 (h, w), 0 for paper and 1 for the pen.

    Ink may be dark on light or light on dark; inverted colors give exactly the same. Raises EmptyDrawing if there is
    only grain.
    """
    # rounded to the nearest, so that an inverted photo gives exactly the inverted gray
    gray = ((rgb.sum(axis=2, dtype=np.uint16) + 1) // 3).astype(np.uint8)
    if not _dark_on_light(gray):
        gray = 255 - gray
    smooth = np.asarray(
        cv2.GaussianBlur(gray.astype(np.float32), (0, 0), max(0.8, max(gray.shape) / 1_200)), np.float32
    )
    ink = np.clip(1 - smooth / np.maximum(_paper(smooth), 4), 0, 1).astype(np.float32)
    grain = 1.4826 * float(np.median(np.abs(ink[::3, ::3] - np.median(ink[::3, ::3]))))
    least = max(0.5 * FAINTEST, _NOISE * grain)
    dark = ink[ink > least]
    if len(dark) < 12:
        raise EmptyDrawing("drawing.empty")
    # printed lines are often fainter than the pen
    strong = float(np.percentile(dark[dark > _otsu(dark)], 50))
    if strong < max(FAINTEST, 1.5 * least):
        raise EmptyDrawing("drawing.empty")
    faint = max(_FAINT * strong, least)
    return np.clip((ink - faint) / (strong - faint), 0, 1).astype(np.float32)


def _dark_on_light(gray: Bytes) -> bool:
    """Whether the marks on the paper are darker than their surroundings."""
    # a strip keeps at least one row: OpenCV never ends widening a picture of none
    step = max(1, min(max(gray.shape) // 40, *gray.shape))
    small = gray[: gray.shape[0] // step * step, : gray.shape[1] // step * step].astype(np.int64)
    small = small.reshape(small.shape[0] // step, step, small.shape[1] // step, step).sum(axis=(1, 3)) // step**2
    reach = 2 * (max(small.shape) // 4) + 1
    middle = cv2.medianBlur(
        cv2.copyMakeBorder(small.astype(np.uint8), reach, reach, reach, reach, cv2.BORDER_REFLECT), reach
    )[reach:-reach, reach:-reach]
    return int(((small - middle.astype(np.int64)) ** 3).sum()) <= 0


def _paper(gray: Floats) -> Floats:
    """The brightness of the paper below the ink, by a closing that is wider than any stroke."""
    scale = min(1.0, _SMALL / max(gray.shape))
    height, width = (max(3, round(side * scale)) for side in gray.shape)
    small = np.asarray(cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    window = max(3, min(small.shape) // 3)
    # padded along its slope, so that a corner in the shade still counts as paper
    wide = np.pad(small, window, mode="reflect", reflect_type="odd").astype(np.float32)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))[
        window:-window, window:-window
    ]
    even = cv2.GaussianBlur(closed, (0, 0), 2)
    return np.asarray(cv2.resize(even, gray.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _otsu(values: Floats) -> float:
    """The threshold that splits values in 0..1 into two groups of least variance (N. Otsu, 1979)."""
    level, _ = cv2.threshold((values * 255).astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return min(float(level), 254.0) / 255 if (values * 255).astype(np.uint8).max() > level else 0.0
