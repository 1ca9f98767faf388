"""From a mistake to its feature maps, to the arithmetic of one pixel, and back, in a real browser."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core.data import datasets
from core.inference.classifier import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.e2e.conftest import eventually

pytestmark = pytest.mark.browser

RUN = "cnn-16-36-5k"


def cells(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-inside-{name} .sheet .cell")


def picture(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-inside-{name} .pixels .paper")


def numbers(page: Page, name: str) -> np.ndarray:
    table = page.locator(f".st-key-inside-{name} .pixels table")
    text = table.evaluate("(table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent))")
    return np.array([[float(one.replace("−", "-")) for one in line] for line in text])


def values(page: Page) -> list[str]:
    """Row and column; for a moment after a step, the previous ones too."""
    typed = page.locator("[class*=st-key-view-row-] input, [class*=st-key-view-column-] input")
    return typed.evaluate_all("(inputs) => inputs.map((one) => one.value)")


def bold(page: Page) -> list[float]:
    texts = page.locator("strong").all_inner_texts()
    return [float(text.replace("−", "-")) for text in texts if re.fullmatch(r"−?\d+\.\d{4}", text)]


def test_from_a_mistake_to_a_pixels_arithmetic_and_back(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{address}/run?tab=mistakes&run={RUN}")
    page.get_by_role("button", name="See it in Inside").click()
    expect(page.get_by_role("tab", name="Inside", selected=True)).to_be_visible()
    expect(cells(page, "maps").first).to_be_visible()
    assert cells(page, "layers").count() == 9
    assert "subject=mistake" in page.url
    digit = int(re.search(r"digit=(\d+)", page.url)[1])  # type: ignore[index]

    # the layers are one tab stop; arrow keys move between them
    cells(page, "layers").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    eventually(lambda: cells(page, "maps").count() == 36)
    cells(page, "maps").nth(3).click()
    eventually(lambda: cells(page, "maps").nth(3).get_attribute("aria-current") == "true")
    number = int(cells(page, "maps").nth(3).locator(".caption").inner_text()) - 1
    assert picture(page, "map").bounding_box()["y"] < 720  # type: ignore[index]

    page.get_by_role("button", name="How one pixel is computed").click()
    expect(picture(page, "ground")).to_be_visible()
    eventually(lambda: len(bold(page)) == 3)
    image = datasets.load("mnist-5k").test_images[digit].astype(np.float32) / np.float32(255)
    maps = load(RunFolder(SHIPPED_DIR / RUN)).activations(image)["conv_2"][..., number]
    assert abs(bold(page)[2] - maps.max()) < 6e-5

    # a click on the center of the result, then a step by keyboard
    box = picture(page, "result").bounding_box()
    assert box
    picture(page, "result").click(position={"x": box["width"] / 2 + 2, "y": box["height"] / 2 + 2})
    eventually(lambda: values(page) == ["7", "7"])
    page.keyboard.press("ArrowDown")
    eventually(lambda: values(page) == ["8", "7"])
    eventually(lambda: abs(bold(page)[2] - maps[8, 7]) < 6e-5)
    assert np.abs(numbers(page, "patch") * numbers(page, "kernel") - numbers(page, "products")).max() < 0.02
    for name in ("patch", "kernel", "products"):
        table = page.locator(f".st-key-inside-{name} .pixels table").bounding_box()
        assert table and table["y"] + table["height"] <= 720

    def back() -> bool:
        if "tab=mistakes" not in page.url:
            page.go_back()  # every choice is a step in the history
        return "tab=mistakes" in page.url

    eventually(back)
    expect(page.get_by_role("button", name="See it in Inside")).to_be_visible()
    expect(page.get_by_text(f"Image {digit} has the label")).to_be_visible()


@pytest.mark.slow  # tests/pages/run/inside/test_projection.py has it without a browser
def test_the_map_of_digits_is_zoomed_and_opens_a_digit_by_click_and_key(page: Page, address: str) -> None:
    page.goto(f"{address}/run?tab=inside&run={RUN}&part=map&digit=8")
    plot = page.locator(".st-key-inside-map-pca .plot")
    canvas, told = plot.locator("> canvas"), plot.locator(".told")
    expect(plot.get_by_role("button", name="Zoom in")).to_be_enabled(timeout=30_000)
    # the pictures of 9, in the color of their class
    eventually(lambda: colored(canvas, "#997700") > 20)
    before = colored(canvas, "#997700")
    for _ in range(2):
        plot.get_by_role("button", name="Zoom in").click()
    expect(plot.get_by_role("button", name="Zoom out")).to_be_enabled()
    plot.get_by_role("button", name="Show the whole map").click()
    eventually(lambda: colored(canvas, "#997700") == before)

    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(told).to_be_visible()
    found = re.fullmatch(r"Image (\d+): \d, (correct|predicted as \d)", told.inner_text().strip())
    assert found
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Test image {found[1]}, label")).to_be_visible()
    assert f"digit={found[1]}" in page.url


def colored(canvas: Locator, color: str) -> int:
    """The pixels of a canvas in exactly this color."""
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return canvas.evaluate(
        """(canvas, [red, green, blue]) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                count += data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] === 255;
            }
            return count;
        }""",
        wanted,
    )
