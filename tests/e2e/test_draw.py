"""Digits drawn with the mouse and with a finger in a real browser, and read immediately."""

import io
import os
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.photos import photo
from research.handwriting.dataset import HELD_OUT_WRITERS
from research.handwriting.strokes import read_pen_digits
from tests.e2e.conftest import eventually
from tests.hand_drawn import DIGITS

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page, address: str) -> Page:
    page.goto(f"{address}/draw")
    expect(canvas(page)).to_be_visible()
    return page


def canvas(page: Page) -> Locator:
    return page.locator("canvas.upper-canvas")


def answer(page: Page) -> Locator:
    """The predicted digit in large type."""
    return page.locator(".answer > span").first


def place(page: Page) -> Callable[[tuple[float, float]], tuple[float, float]]:
    """Maps a point of a digit's box, from 0 to 1, to the screen, with the box in the middle of the canvas."""
    canvas(page).scroll_into_view_if_needed()
    box = canvas(page).bounding_box()
    assert box is not None
    return lambda point: (box["x"] + 40 + 200 * point[0], box["y"] + 40 + 200 * point[1])


def draw(page: Page, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
    at = place(page)
    for stroke in strokes:
        page.mouse.move(*at(stroke[0]))
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*at(point), steps=3)
        page.mouse.up()


def has_ink(page: Page) -> bool:
    found = page.locator("canvas.dc-canvas").first.evaluate(
        """(canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
            .some((red, place, all) => place % 4 === 0 && red < 128 && all[place + 3] > 128)"""
    )
    return bool(found)


def clear(page: Page) -> None:
    page.locator(".st-key-draw-clear button").click()
    expect(answer(page)).to_be_empty()
    eventually(lambda: not has_ink(page))


def test_digits_drawn_with_the_mouse_are_read(page: Page, times: Callable[[int, int], int]) -> None:
    for digit in (7, 4, 2, 0, 1, 3, 5, 6, 8, 9)[: times(2, 10)]:
        draw(page, DIGITS[digit])
        expect(answer(page)).to_have_text(str(digit))
        clear(page)


@pytest.mark.mnist
@pytest.mark.skipif("DIGIT_LAB_PEN_STROKES" not in os.environ, reason="DIGIT_LAB_PEN_STROKES names no pen strokes.")
def test_digits_of_held_out_writers_are_read(page: Page, times: Callable[[int, int], int]) -> None:
    count = times(1, 10)  # of each of these digits
    digits = [d for d in read_pen_digits(Path(os.environ["DIGIT_LAB_PEN_STROKES"])) if d.writer in HELD_OUT_WRITERS]
    random = np.random.default_rng(0)
    wrong = []
    for label in range(0, 10, times(3, 1)):
        of_label = [digit for digit in digits if digit.label == label]
        for number in random.choice(len(of_label), count, replace=False):
            draw(page, in_unit_box(of_label[number].strokes))
            expect(answer(page)).not_to_be_empty()
            # "?" where it is declined
            read = settled(page, answer(page))
            if read != str(label):
                wrong.append((label, read, of_label[number].writer))
            clear(page)
    assert len(wrong) <= count, wrong


def test_a_phones_photo_of_a_sheet_on_a_table_is_read(page: Page, address: str) -> None:
    strokes = [np.array(stroke, np.float32) for stroke in DIGITS[4]]
    lying = Image.fromarray(photo("sheet on a brown table", strokes, 5)).convert("RGB").rotate(90, expand=True)
    turned = Image.Exif()
    turned[0x0112] = 6  # taken in portrait
    file = io.BytesIO()
    lying.save(file, "JPEG", exif=turned)
    page.goto(f"{address}/draw?source=upload")
    content = {"name": "phone.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    page.locator('input[type="file"]').set_input_files([content])
    expect(answer(page)).to_have_text("4")
    expect(page.get_by_text("Find the sheet")).to_be_visible()


def in_unit_box(strokes: Sequence[np.ndarray]) -> list[list[tuple[float, float]]]:
    points = np.concatenate(list(strokes))
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = [(stroke - (low + high) / 2) / (high - low).max() + 0.5 for stroke in strokes]
    return [[(float(x), float(y)) for x, y in stroke] for stroke in scaled]


def settled(page: Page, part: Locator) -> str:
    """The text of this part of the page once it has not changed for a while, since each stroke has a prediction."""
    text, since = "", time.monotonic()
    while time.monotonic() - since < 1:
        now = part.inner_text()
        if now != text:
            text, since = now, time.monotonic()
        page.wait_for_timeout(50)
    return text


def test_drawing_and_prediction_are_kept_between_pages(page: Page) -> None:
    draw(page, DIGITS[4])
    expect(answer(page)).to_have_text("4")
    shown = page.locator(".st-key-draw-bars")
    bars = settled(page, shown)
    for name in ("Data", "Draw"):
        page.get_by_test_id("stTopNavLink").get_by_text(name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(answer(page)).to_have_text("4")
    eventually(lambda: shown.inner_text() == bars)
    eventually(lambda: has_ink(page))
    # another stroke, and undo
    draw(page, [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]])
    eventually(lambda: shown.inner_text() != bars)
    settled(page, shown)
    page.locator(".st-key-draw-undo button").click()
    eventually(lambda: shown.inner_text() == bars)


@pytest.mark.slow  # it is kept between pages, as a test above shows
def test_the_drawing_stays_when_the_pen_changes(page: Page) -> None:
    draw(page, DIGITS[3])
    expect(answer(page)).to_have_text("3")
    pen = page.locator(".st-key-draw-pen input")
    pen.focus()
    for key in ["ArrowLeft"] * 4 + ["ArrowRight"] * 4:
        page.keyboard.press(key)
        page.wait_for_timeout(30)
    page.keyboard.press("Home")
    expect(page.locator(".st-key-draw-pen")).to_contain_text("6 px")
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.wait_for_timeout(500)  # long enough for a recreated, empty canvas to appear
    assert has_ink(page)
    expect(answer(page)).to_have_text("3")
    # undo skips changes of the pen
    page.locator(".st-key-draw-undo button").click()
    expect(answer(page)).to_be_empty()
    eventually(lambda: not has_ink(page))


def test_clear_and_strokes_are_undone_and_keys_reach_every_control(page: Page) -> None:
    draw(page, DIGITS[1])
    expect(answer(page)).to_have_text("1")
    reached = []
    page.locator("[data-testid=stMain]").evaluate("(main) => { main.tabIndex = -1; main.focus(); }")
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText.trim().split('\\n').pop()"))
        if reached[-1] == "Clear":
            break
    assert {"Draw", "Undo", "Clear"} <= set(reached)
    page.keyboard.press("Enter")
    expect(answer(page)).to_be_empty()
    undo = page.locator(".st-key-draw-undo button")
    undo.focus()
    page.keyboard.press("Enter")
    expect(answer(page)).to_have_text("1")
    eventually(lambda: has_ink(page))
    undo.click()
    expect(answer(page)).to_be_empty()
    eventually(lambda: not has_ink(page))
    page.get_by_role("radio", name="Draw", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    expect(answer(page)).to_be_empty()


def test_a_finger_draws_on_a_phone_without_scrolling_the_page(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(f"{address}/draw")
        expect(canvas(page)).to_be_visible()
        at = place(page)
        box = canvas(page).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        scrolled = "document.querySelector('[data-testid=stMain]').scrollTop + window.scrollY"
        before = page.evaluate(scrolled)
        finger = context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            finger.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
            )

        for stroke in DIGITS[7]:
            touch("touchStart", at(stroke[0]))
            for start, end in pairwise(stroke):
                for step in (1, 2, 3, 4):
                    touch("touchMove", at((np.array(start) + (np.array(end) - start) * step / 4).tolist()))
            touch("touchEnd")
        expect(answer(page)).to_have_text("7")
        assert page.evaluate(scrolled) == before
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        main = "document.querySelector('[data-testid=stMain]')"
        assert page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0
