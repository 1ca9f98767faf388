"""Sheets, printed lines and digits are found in photos, and whatever a picture shows gives digits or an error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.photos import photo, row_of
from core.drawing.figures import figures
from core.drawing.photo import look
from core.drawing.ruling import without_lines
from core.drawing.sheet import find_sheet
from core.drawing.to_mnist import Steps, as_drawing, digits_in, to_mnist
from core.errors import EmptyDrawing
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from research.handwriting.photos import KNOWN
from tests.hand_drawn import DIGITS, on_canvas

STROKES = {digit: [np.array(stroke, np.float32) for stroke in strokes] for digit, strokes in DIGITS.items()}


def read(picture, steps=None):
    """The digits that the shipped network reads in a picture."""
    found = digits_in(picture, steps or Steps()).digits
    answers = load(RunFolder(SHIPPED_DIR / "handwriting")).probabilities(np.stack([one.digit for one in found]))
    return answers.argmax(axis=1).tolist()


USUAL = ("sheet on a brown table", "cells of a form", "squared paper", "gray paper on white")


@pytest.mark.parametrize(
    "kind",
    [
        *USUAL,
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in KNOWN if kind not in (*USUAL, "black squared paper")),
    ],
)
def test_a_digit_is_read_in_a_photo_of_any_kind(kind):
    digit = list(KNOWN).index(kind) % 10
    assert read(photo(kind, STROKES[digit], 1)) == [digit]


def test_digits_in_a_row_are_read_one_by_one_from_the_left():
    assert read(row_of([STROKES[digit] for digit in (4, 0, 9)], 1)) == [4, 0, 9]


def test_what_was_found_in_a_photo_is_reported_and_can_be_switched_off():
    on_table = photo("sheet on a black table", STROKES[7], 2)
    in_box = np.dstack([np.round(255 - 255 * boxed()).astype(np.uint8)] * 3 + [np.full((320, 320), 255, np.uint8)])
    assert digits_in(on_table).sheet.shape[2] == 3
    assert digits_in(on_table, Steps(sheet=False)).sheet is None
    assert digits_in(in_box).unlined is not None
    assert digits_in(in_box, Steps(lines=False)).unlined is None
    plain = digits_in(photo("plain sheet", STROKES[7], 2))
    assert (plain.sheet, plain.unlined) == (None, None)


def test_a_drawing_on_even_paper_is_prepared_as_on_the_canvas():
    drawing = on_canvas(DIGITS[5])
    (found,) = digits_in(drawing).digits
    np.testing.assert_allclose(found.digit, to_mnist(drawing), atol=0.02)
    np.testing.assert_allclose(to_mnist(as_drawing(found.ink)), found.digit, atol=0.02)


def sheet_on_table(corners, table=(90, 60, 40)):
    picture = np.full((300, 400, 3), table, np.uint8)
    y, x = np.mgrid[:300, :400]
    inside = np.ones((300, 400), bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inside &= (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0
    picture[inside] = (235, 232, 225)
    return picture


def test_the_corners_of_a_sheet_are_found_clockwise():
    corners = np.array([(60, 50), (340, 40), (350, 260), (50, 250)], np.float32)
    np.testing.assert_allclose(find_sheet(sheet_on_table(corners)), corners, atol=4)


def test_a_sheet_with_a_corner_outside_the_picture_is_found():
    found = find_sheet(sheet_on_table([(70, 40), (370, 70), (340, 325), (40, 250)]))
    np.testing.assert_allclose(found, [(70, 40), (370, 70), (340, 325), (40, 250)], atol=8)


def test_a_large_zero_is_not_a_sheet():
    assert find_sheet(np.ascontiguousarray(on_canvas(DIGITS[0], size=260, pen_width=26)[..., :3])) is None
    assert find_sheet(np.full((200, 200, 3), 240, np.uint8)) is None


def boxed(stroke_at=160, width=14):
    """A printed box with an upright stroke that crosses its lower side."""
    ink = np.zeros((320, 320), np.float32)
    for low in (60, 260):
        ink[low : low + 3, 60:263] = ink[60:263, low : low + 3] = 1
    ink[110:300, stroke_at : stroke_at + width] = 1
    return ink


def test_a_box_is_removed_and_the_stroke_that_crosses_it_stays_whole():
    left = without_lines(boxed())
    assert left[61, 100] == left[150, 61] == left[261, 90] == 0
    assert (left[112:298, 162:172] > 0.9).all()


def on_line(places, height, start=20, end=480):
    """A printed line with upright ones of this height on it, and a thick stroke beyond them."""
    ink = np.zeros((300, 500), np.float32)
    ink[220:223, start:end] = 1
    for place in places:
        ink[220 - height : 220, place : place + 3] = 1
    ink[90:200, 305:320] = 1
    return ink


def test_the_teeth_of_a_comb_are_removed_but_not_ones_on_a_line():
    comb = without_lines(on_line((20, 135, 250, 365, 477), 40))
    assert not comb[184:, :300].any()
    assert comb[95:195, 306:319].all()
    for places in ((130, 160, 190, 220), (20, 100, 400, 477)):
        ones = without_lines(on_line(places, 100, start=0, end=500))
        assert all(ones[130:210, place + 1].all() for place in places)


def test_the_foot_of_a_digit_close_above_a_line_is_none_of_it():
    ink = on_line((20, 135, 250, 365, 477), 40)
    ink[212:217, 60:110] = 1
    without = without_lines(ink)
    assert without[212:217, 62:108].all()
    assert not without[219:, :300].any()


def test_a_zero_is_no_box_in_a_box_but_a_box_around_it_is():
    cells = np.zeros((300, 500), np.float32)
    cells[60:64, 50:450] = cells[236:240, 50:450] = 1
    for x in (50, 250, 446):
        cells[60:240, x : x + 4] = 1
    zero, inner = cells.copy(), cells.copy()
    zero[100:105, 110:180] = zero[195:200, 110:180] = zero[100:200, 110:115] = zero[100:200, 175:180] = 1
    inner[100:104, 96:204] = inner[196:200, 96:204] = inner[100:200, 96:100] = inner[100:200, 200:204] = 1
    inner[120:180, 140:160] = 1
    found = without_lines(zero)
    assert found[102, 112:178].all()
    assert not found[80:220, 240:].any()
    only = without_lines(inner)
    assert only[120:180, 140:160].all()
    assert not only[105:195, 80:139].any()


def test_a_one_is_not_a_printed_line_nor_an_angular_zero_a_box():
    one, zero = np.zeros((300, 300), np.float32), np.zeros((300, 300), np.float32)
    one[40:260, 148:154] = 1
    zero[60:65, 60:240] = zero[239:244, 60:240] = zero[60:244, 60:65] = zero[60:244, 236:241] = 1
    assert without_lines(one) is None
    assert without_lines(zero) is None


def test_the_strokes_of_a_five_are_one_figure_and_specks_none():
    ink = np.zeros((300, 400), np.float32)
    ink[100:200, 100:110] = ink[190:200, 100:160] = 1
    ink[80:90, 104:170] = 1
    ink[20:23, 350:353] = 1
    whole, (only,) = figures(ink)
    assert only.shape == (124, 74)
    assert whole[21, 351] == 0
    with pytest.raises(EmptyDrawing):
        figures(np.zeros((100, 100), np.float32))


@settings(max_examples=25, deadline=None)
@given(st.integers(28, 300), st.integers(28, 300), st.integers(0, 2**32 - 1), st.integers(0, 4))
def test_any_picture_gives_digits_or_the_error_that_it_is_empty(height, width, seed, coarse):
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (max(1, height >> coarse), max(1, width >> coarse), 4), np.uint8)
    picture = np.ascontiguousarray(np.kron(small, np.ones((2**coarse, 2**coarse, 1), np.uint8)))
    picture = np.pad(picture, ((0, max(0, 28 - picture.shape[0])), (0, max(0, 28 - picture.shape[1])), (0, 0)))
    if seed % 2:
        picture[..., 3] = 255
    try:
        found = digits_in(picture)
    except EmptyDrawing:
        return
    for one in found.digits:
        assert one.digit.shape == (28, 28)
        assert np.isfinite(one.digit).all()
        assert one.digit.max() == 1


def test_a_photo_that_shows_only_paper_is_empty():
    blank = photo("sheet on a brown table", [np.array([(0, 0), (0.001, 0)], np.float32)], 3)
    blank[...] = np.median(blank, axis=(0, 1)).astype(np.uint8)
    with pytest.raises(EmptyDrawing):
        look(blank)


@pytest.mark.parametrize("shape", [(28, 1200), (1200, 28)])
def test_a_long_strip_of_grain_is_empty(shape):
    strip = np.random.default_rng(1).integers(0, 256, (*shape, 4), np.uint8)
    strip[..., 3] = 255
    with pytest.raises(EmptyDrawing):
        digits_in(strip)
