"""The sheet of digits in a real browser: its pixels, choices by click and key, and what stays unchanged."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.e2e.conftest import eventually, needs_no_sideways_scrolling, serving_script

pytestmark = pytest.mark.browser

LIGHT = {"paper": (0xF5, 0xF6, 0xF8), "ink": (0x1B, 0x1F, 0x24)}
DARK = {"paper": (0x19, 0x1E, 0x24), "ink": (0xE6, 0xE9, 0xED)}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_script("digit_sheet_app.py", tmp_path_factory.mktemp("app")) as address:
        yield address


@pytest.fixture
def page(page: Page, address: str) -> Page:
    opened(page, address)
    return page


def opened(page: Page, address: str, count: int = 48) -> None:
    page.goto(address)
    eventually(lambda: cells(page).count() == count)


def cells(page: Page) -> Locator:
    return page.locator(".sheet .cell")


def cell(page: Page, place: int) -> Locator:
    return cells(page).nth(place)


def heard(page: Page, calls: list[int]) -> None:
    """Wait until Python has been called with exactly these indices."""
    page.get_by_text(f"calls {calls} runs").wait_for()


def focused(page: Page) -> int:
    """The position of the digit that has the focus, -1 if none."""
    place = page.locator(".sheet").evaluate("(grid) => [...grid.children].indexOf(grid.getRootNode().activeElement)")
    assert isinstance(place, int)
    return place


def columns(page: Page) -> int:
    found = page.locator(".sheet").evaluate("(grid) => getComputedStyle(grid).gridTemplateColumns.split(' ').length")
    assert isinstance(found, int)
    return found


def pixels(ink: Locator) -> np.ndarray:
    """The 28 x 28 colors of a digit 56 pixels wide, after a check that each fills a square."""
    with Image.open(BytesIO(ink.screenshot())) as picture:
        seen = np.asarray(picture.convert("RGB")).astype(int)
    assert seen.shape == (56, 56, 3)
    squares = seen.reshape(28, 2, 28, 2, 3)
    assert np.array_equal(squares, np.broadcast_to(squares[:, :1, :, :1], squares.shape)), "blurred"
    return squares[:, 0, :, 0]


def painted(image: np.ndarray, colors: dict[str, tuple[int, int, int]]) -> np.ndarray:
    """The colors of a digit: paper for 0, ink for 255."""
    share = image[..., None] / 255
    return share * np.array(colors["ink"]) + (1 - share) * np.array(colors["paper"])


def sent(page: Page) -> np.ndarray:
    """The 48 images, from the picture that the browser was sent."""
    uri = page.locator(".sheet").evaluate("(grid) => grid.style.getPropertyValue('--sprite').slice(5, -2)")
    with Image.open(BytesIO(b64decode(uri.partition(",")[2]))) as strip:
        return np.asarray(strip).reshape(28, -1, 28).swapaxes(0, 1)


def test_a_click_calls_python_once_with_its_digit_and_the_buttons_stay(page: Page) -> None:
    page.locator(".sheet").evaluate("(grid) => [...grid.children].forEach((cell) => (cell.dataset.known = 'yes'))")
    before = page.locator(".sheet").bounding_box()
    calls: list[int] = []
    for place in (0, 13, 47, 0, 0):
        cell(page, place).click()
        calls.append(1000 + place)
        heard(page, calls)
        eventually(lambda place=place: cell(page, place).get_attribute("aria-current") == "true")
        assert page.locator(".sheet [aria-current]").count() == 1
    assert "runs 6" in (page.get_by_text("calls [").text_content() or "")
    assert page.locator(".sheet [data-known]").count() == 48
    assert page.locator(".sheet").bounding_box() == before


def test_every_digit_has_sharp_pixels_in_the_colors_of_light_and_dark(page: Page) -> None:
    images = sent(page)
    for place in (0, 3, 21, 45):  # read correctly, so without a mark in the corner
        assert abs(pixels(cell(page, place).locator(".ink")) - painted(images[place], LIGHT)).max() <= 2
    page.emulate_media(color_scheme="dark")
    eventually(lambda: abs(pixels(cell(page, 21).locator(".ink")) - painted(images[21], DARK)).max() <= 2)
    heard(page, [])
    assert "runs 1" in (page.get_by_text("calls [").text_content() or "")  # no rerun for a theme


def test_each_button_has_a_name_and_errors_are_red_and_marked(page: Page) -> None:
    group = page.get_by_role("group", name="Misclassified digits")
    assert group.get_by_role("button").count() == 48
    assert group.get_by_role("button", name="0, 99.9 %", exact=True).count() == 1
    look = "(cell) => [getComputedStyle(cell.children[1]).color, getComputedStyle(cell.children[0], '::after').content]"
    assert cell(page, 0).evaluate(look) == ["rgb(27, 31, 36)", "none"]
    assert cell(page, 1).evaluate(look) == ["rgb(201, 42, 42)", '""']
    assert cell(page, 1).get_attribute("aria-label") == "1 → 0, 98.9 %, wrong"
    # markup in a caption is plain text
    assert cell(page, 7).locator(".caption").text_content() == "<img src=x onerror=alert(1)>"
    assert page.locator(".sheet img").count() == 0


def test_digits_can_be_chosen_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Next page").focus()
    page.keyboard.press("Tab")
    eventually(lambda: focused(page) == 0)
    wide = columns(page)
    assert wide > 10
    arrows = [("ArrowRight", 1), ("ArrowDown", 1 + wide), ("ArrowLeft", wide), ("ArrowUp", 0), ("ArrowUp", 0)]
    ends = [("ArrowLeft", 0), ("End", 47), ("ArrowRight", 47), ("ArrowDown", 47), ("Home", 0), ("ArrowRight", 1)]
    for key, place in arrows + ends:
        page.keyboard.press(key)
        assert focused(page) == place, key
    page.keyboard.press("Enter")
    heard(page, [1001])
    eventually(lambda: cell(page, 1).get_attribute("aria-current") == "true")
    assert focused(page) == 1
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    heard(page, [1001, 1002])
    assert focused(page) == 2
    assert page.locator(".sheet [tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert focused(page) == -1  # the sheet is one tab stop
    page.keyboard.press("Shift+Tab")
    assert focused(page) == 2


def test_arrow_down_above_an_incomplete_last_row_goes_to_its_end(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 720})
    eventually(lambda: columns(page) < 16)
    wide = columns(page)
    assert 48 % wide
    above = 48 // wide * wide - 1
    cell(page, above).focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == 47


def test_a_digit_under_the_mouse_is_shown_enlarged(page: Page) -> None:
    preview = page.locator(".preview")
    cell(page, 7).hover()
    preview.wait_for()
    assert preview.inner_text() == "Digit 1007"
    small, large = (one.locator(".ink").first for one in (cell(page, 7), preview))
    assert large.evaluate("(ink) => ink.offsetWidth") == 2 * small.evaluate("(ink) => ink.offsetWidth")
    assert large.evaluate("(ink) => getComputedStyle(ink).maskPosition") == "-784px 0px"
    page.mouse.move(0, 0)
    preview.wait_for(state="hidden")


def test_the_next_page_has_its_own_digits_and_one_tab_stop(page: Page) -> None:
    cell(page, 5).click()
    heard(page, [1005])
    page.get_by_role("button", name="Next page").click()
    eventually(lambda: cell(page, 5).get_attribute("aria-description") == "Digit 1053")
    assert page.locator(".sheet [aria-current]").count() == 0
    assert cell(page, 0).get_attribute("tabindex") == "0"
    assert page.locator(".sheet [tabindex='0']").count() == 1
    cell(page, 5).click()
    heard(page, [1005, 1053])


def test_without_a_callback_the_sheet_is_a_list(page: Page, address: str) -> None:
    opened(page, f"{address}/?fixed=1")
    found = page.get_by_role("list", name="Misclassified digits")
    assert found.get_by_role("listitem").count() == 48
    assert found.get_by_role("button").count() == 0
    cell(page, 3).click()
    assert page.locator(".sheet [tabindex]").count() == 0


def test_a_phone_needs_no_sideways_scrolling_except_for_the_numbers(phone: Page, address: str) -> None:
    opened(phone, f"{address}/?large=1")
    phone.locator("td").first.wait_for()
    assert needs_no_sideways_scrolling(phone, ".sheet .paper", ".picture")
    assert phone.locator(".picture").nth(1).evaluate("(host) => host.scrollWidth > host.clientWidth")


def test_a_large_digit_and_its_numbers_are_shown(page: Page, address: str) -> None:
    opened(page, f"{address}/?large=1")
    image = sent(page)[3]
    assert page.get_by_role("img", name="The digit").bounding_box()["width"] == 280  # type: ignore[index]
    with Image.open(BytesIO(page.get_by_role("img", name="The digit").screenshot())) as picture:
        seen = np.asarray(picture.convert("RGB")).astype(int)[5::10, 5::10]
    assert abs(seen - painted(image, LIGHT)).max() <= 2
    text = page.get_by_role("table", name="Its numbers").evaluate("(table) => table.innerText")
    assert [[int(number) for number in line.split("\t")] for line in text.strip().split("\n")] == image.tolist()
