"""A finished model that is dropped on the Runs page is evaluated and shows its mistakes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.text import say
from tests.brought import bring
from tests.e2e.conftest import ROOT, serving
from tests.finished_models import RUN, keras_file

pytestmark = pytest.mark.browser


@pytest.mark.slow  # tests/pages/runs/test_upload.py and tests/core/training/test_adopt.py have its parts
def test_a_models_mistakes_are_seen_after_its_file_was_chosen(page: Page, tmp_path: Path) -> None:
    # noise of ten brightnesses, in which a network that knows digits finds few of the classes
    bring(tmp_path / "data", "noise", shape=(28, 28, 1), classes=tuple(map(str, range(10))), test=50)
    folders = {"DIGIT_LAB_RUNS": str(tmp_path / "runs"), "DIGIT_LAB_DATA": str(tmp_path / "data")}
    with serving(ROOT, **folders) as (address, _):
        page.goto(f"{address}/runs")
        page.get_by_role("button", name=say("bundles.title")).click(timeout=60_000)
        file = {"name": "mine.keras", "mimeType": "application/octet-stream", "buffer": keras_file(RUN)}
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files=[file])
        dataset = page.get_by_role("combobox", name=say("models.dataset"))
        dataset.fill("noise")
        page.get_by_role("option", name="noise").click()
        page.get_by_role("button", name=say("models.open")).click()
        expect(page).to_have_url(re.compile(r"/run\?"))
        page.get_by_role("tab", name=say("run_page.tabs.mistakes"), exact=True).click()
        expect(page.locator(".sheet button.cell").first).to_be_visible()
