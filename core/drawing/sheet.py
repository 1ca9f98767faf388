"""Find the sheet of paper in a photo by its outline, and straighten it."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from core.array_types import Bytes, Doubles, Floats

SEARCHED = 400
"""Longer side, in pixels, of the copy in which the sheet is searched."""

SMALLEST, LARGEST = 0.06, 0.97
"""Share of the picture that a sheet covers."""

CONTRAST = 9.0
"""Minimum distance in CIELAB, with OpenCV's units, between the two sides of a sheet's edge."""

ALIKE = 0.94
"""Minimum share of the area that an outline and its four corners have in common; of a round outline it is less."""

EVEN, UNLIKE = 0.6, 40.0
"""Minimum share of a sheet's pixels whose distance from its median color is at most this."""

_SIDES = 2
"""Minimum number of a sheet's edges that lie inside the picture."""
_INSET = 0.012
_BORDER = 2.0
"""Pixels within which an edge lies along the border of the picture."""
_SAMPLES = np.linspace(0.08, 0.92, 25)[:, None]
_DISTANCES = (4.0, 10.0, 18.0, 30.0)
"""Distances from an edge at which colors are compared: also beyond a printed line or a stroke that encloses paper."""

_LASTING = 0.35
"""Share of the difference close to an edge that is left further away."""


def find_sheet(rgb: Bytes) -> Floats | None:
    """The corners, float32 (4, 2) as x and y, clockwise from the top left, of the largest sheet in uint8 (H, W, 3).

    A sheet is a convex shape of four corners and nearly one color that differs from what surrounds it. None if the
    whole picture is one sheet.
    """
    scale = min(1.0, SEARCHED / max(rgb.shape[:2]))
    height, width = (max(8, round(side * scale)) for side in rgb.shape[:2])
    small = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
    lab = np.asarray(cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.2), cv2.COLOR_RGB2LAB), np.uint8)
    found, largest = None, 0.0
    for region in _regions(lab):
        for corners in _outlines(region):
            area = float(cv2.contourArea(corners))
            if area > largest and _is_sheet(lab, corners):
                found, largest = corners, area
    return None if found is None else _ordered(found / np.array((width / rgb.shape[1], height / rgb.shape[0])))


def straightened(rgb: Bytes, corners: Floats) -> Bytes:
    """The sheet with these corners as a rectangle, uint8 (h, w, 3), without its outermost edge."""
    middle = corners.mean(axis=0)
    inner = (middle + (corners - middle) * (1 - 2 * _INSET)).astype(np.float32)
    width, height = (
        max(8, round(max(float(np.hypot(*(inner[a] - inner[b]))) for a, b in pairs)))
        for pairs in (((0, 1), (3, 2)), ((0, 3), (1, 2)))
    )
    flat = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float32)
    matrix = cv2.getPerspectiveTransform(inner, flat)
    return np.asarray(
        cv2.warpPerspective(rgb, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )


def _regions(lab: Bytes) -> Iterator[Bytes]:
    """Masks, 0 or 255, of what may be a sheet: brighter, darker or of another color than the rest, or within edges."""
    close = np.ones((7, 7), np.uint8)
    for number in range(3):
        plane = np.ascontiguousarray(lab[..., number])
        level, bright = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        levels = [level]
        for part in (plane[plane > level], plane[plane <= level]) if number == 0 else ():
            if len(part):
                levels.append(cv2.threshold(part, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])
        for at in levels:
            bright = np.where(plane > at, 255, 0).astype(np.uint8)
            # writing is closed, so that it does not split the sheet
            yield np.asarray(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, close), np.uint8)
            yield np.asarray(cv2.morphologyEx(255 - bright, cv2.MORPH_CLOSE, close), np.uint8)
        edges = cv2.dilate(cv2.Canny(plane, 12, 36), np.ones((3, 3), np.uint8))
        yield np.asarray(255 - edges, np.uint8)


def _outlines(region: Bytes) -> Iterator[Floats]:
    """Outlines with four corners, float32 (4, 2), of the region's parts and holes."""
    # a border, so that an outline that leaves the picture is closed along its edge
    contours, _ = cv2.findContours(cv2.copyMakeBorder(region, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.RETR_LIST, 2)
    for contour in contours:
        area = cv2.contourArea(contour)
        if not SMALLEST * region.size <= area <= LARGEST * region.size:
            continue
        hull = cv2.convexHull(contour)
        around = cv2.contourArea(hull)
        if area < 0.85 * around:
            continue
        length = cv2.arcLength(hull, True)
        for tolerance in (0.005, 0.012, 0.02, 0.035, 0.05):
            corners = np.asarray(cv2.approxPolyDP(hull, tolerance * length, True).reshape(-1, 2) - 1, np.float32)
            # a corner that lies outside the picture is cut off
            found = _four(corners, region.shape[::-1]) if 4 < len(corners) <= 7 else corners
            if found is not None and len(found) == 4 and cv2.isContourConvex(found) and _alike(found, hull) >= ALIKE:
                yield found


def _alike(corners: Floats, hull: Any) -> float:
    """Area of the intersection of two convex shapes by that of their union."""
    shared, _ = cv2.intersectConvexConvex(corners, np.asarray(hull, np.float32) - 1)
    return shared / max(cv2.contourArea(corners) + cv2.contourArea(hull) - shared, 1e-6)


def _four(corners: Floats, size: tuple[int, ...]) -> Floats | None:
    """The corners in which the four longest edges of a polygon meet; None where two do not.

    Edges along the border of the picture, whose width and height are `size`, cut the sheet off and come last.
    """
    ends = np.roll(corners, -1, axis=0)
    edges, last = ends - corners, np.array(size) - 1
    cut = ((np.maximum(corners, ends) <= _BORDER) | (np.minimum(corners, ends) >= last - _BORDER)).any(axis=1)
    longest = np.sort(np.lexsort((-np.hypot(*edges.T), cut))[:4])
    starts, ways = corners[longest].astype(np.float64), edges[longest].astype(np.float64)
    found = []
    for number in range(4):
        before, after = ways[number - 1], ways[number]
        crossed = before[0] * after[1] - before[1] * after[0]
        if abs(crossed) < 0.2 * np.hypot(*before) * np.hypot(*after):
            return None
        between = starts[number] - starts[number - 1]
        found.append(starts[number - 1] + before * (between[0] * after[1] - between[1] * after[0]) / crossed)
    return np.array(found, np.float32)


def _is_sheet(lab: Bytes, corners: Floats) -> bool:
    """Whether these corners enclose nearly one color that differs from what is outside, along each edge."""
    sides = np.hypot(*(corners - np.roll(corners, -1, axis=0)).T)
    if sides.min() < 0.2 * sides.max():
        return False
    height, width = lab.shape[:2]
    seen = 0
    middle = corners.mean(axis=0)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (end - start) / max(float(np.hypot(*(end - start))), 1e-6)
        across = np.array((-along[1], along[0]), np.float32)
        if across @ (middle - start) < 0:
            across = -across
        points = start + _SAMPLES * (end - start)
        inside = points + _DISTANCES[0] * across
        near = 0.0
        for distance in _DISTANCES:
            outside = points - distance * across
            within = ((outside >= 0) & (outside <= (width - 1, height - 1))).all(axis=1)
            if within.mean() < 0.5:
                break
            # nearly all along an edge, because printed lines and shadows differ in places
            apart = np.percentile(np.hypot.reduce(_at(lab, inside[within]) - _at(lab, outside[within]), axis=1), 20)
            if apart < max(CONTRAST, _LASTING * near):
                return False
            if distance == _DISTANCES[0]:
                near = float(apart)
                seen += 1
    if seen < _SIDES:
        return False
    mask = np.zeros(lab.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    inside = lab[mask == 1].astype(np.float32)
    return bool((np.hypot.reduce(inside - np.median(inside, axis=0), axis=1) <= UNLIKE).mean() >= EVEN)


def _at(lab: Bytes, places: Floats) -> Floats:
    rounded = np.round(places).astype(int)
    columns, rows = (np.clip(rounded[:, axis], 0, lab.shape[1 - axis] - 1) for axis in (0, 1))
    return lab[rows, columns].astype(np.float32)


def _ordered(corners: Doubles) -> Floats:
    """Clockwise from the top left."""
    turned = corners[np.argsort(np.arctan2(*(corners - corners.mean(axis=0)).T[::-1]))]
    return np.roll(turned, -int(turned.sum(axis=1).argmin()), axis=0).astype(np.float32)
