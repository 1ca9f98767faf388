"""A ZIP that is dropped on the Data page becomes a data set, and a network that is trained on it."""

import base64
import io
import re
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, serving

pytestmark = pytest.mark.browser
DROP = """([content, name]) => {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, { type: "application/zip" }));
    const zone = document.querySelector("[data-testid=stFileUploaderDropzone]");
    for (const kind of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
}"""


def colors() -> str:
    """A ZIP, in Base64, of 30 images of two classes and different sizes, one of them twice."""
    random, content = np.random.default_rng(1), io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(30):
            picture = io.BytesIO()
            cells = random.integers(0, 256, (5, 4 + number % 3, 3))
            Image.fromarray(np.kron(cells, np.ones((5, 5, 1))).astype(np.uint8)).save(picture, "PNG")
            archive.writestr(f"colors/{'warm' if number % 2 else 'cold'}/{number}.png", picture.getvalue())
        archive.writestr("colors/warm/again.png", picture.getvalue())
    return base64.b64encode(content.getvalue()).decode()


def add(page: Page, address: str) -> None:
    """Drop the ZIP on the page, use what was found in it, and go on to Train."""
    page.goto(f"{address}/data?aspect=sets")
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_be_visible(timeout=60_000)
    page.evaluate(DROP, [colors(), "colors.zip"])
    use = page.get_by_role("button", name="Use it")
    expect(use).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile("(repeats another|is also a) training image"))).to_be_visible()
    use.click()
    expect(page.get_by_text("colors is ready")).to_be_visible(timeout=30_000)
    expect(page.locator(".sheet button.cell").first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("link", name="Train").click()
    expect(page).to_have_url(re.compile(r"dataset=colors"))
    expect(page.get_by_role("combobox", name="Data", exact=True)).to_have_value("colors")


def folders(tmp_path: Path) -> dict[str, str]:
    return {"DIGIT_LAB_RUNS": str(tmp_path / "runs"), "DIGIT_LAB_DATA": str(tmp_path / "data")}


def test_a_dropped_zip_is_looked_at_used_and_offered_for_training(page: Page, tmp_path: Path) -> None:
    with serving(ROOT, **folders(tmp_path)) as (address, _):
        add(page, address)


@pytest.mark.slow
def test_two_minutes_after_a_zip_was_dropped_the_mistakes_of_a_network_trained_on_it_are_seen(
    page: Page, tmp_path: Path
) -> None:
    with serving(ROOT, **folders(tmp_path), PYTHONPATH=str(ROOT)) as (address, _):
        began = time.monotonic()
        add(page, address)
        page.get_by_role("button", name="Start training").click()
        expect(page.locator("#announcements")).to_contain_text(
            re.compile(r"Finished, .*\s% on the test set"), timeout=120_000
        )
        # no network can learn which random colors are called warm
        page.locator(".st-key-next_steps").get_by_role("link", name=re.compile("mistake", re.IGNORECASE)).click()
        expect(page.locator(".sheet button.cell").first).to_be_visible()
        took = time.monotonic() - began
        print(f"{took:.0f} s")
        assert took < 120
