"""Whole ways through the product, as a student, a teacher and an engineer go them, with a keyboard alone or a mouse."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.runs.store import RunStore
from core.text import say
from tests.e2e.conftest import ROOT, eventually, serving
from tests.e2e.person import Person

pytestmark = pytest.mark.browser

keyboard_or_mouse = pytest.mark.parametrize(
    "keyboard", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["keyboard", "mouse"]
)


def menu(page: Page, name: str):
    return page.get_by_role("link", name=say(f"pages.{name}"), exact=True)


def tab(page: Page, name: str):
    return page.get_by_role("tab", name=say(f"run_page.tabs.{name}"), exact=True)


def select(page: Page, choice: str):
    return page.get_by_role("radio", name=choice, exact=True)


def runs_in(folder: Path):
    return RunStore(folder / "runs", folder / "none").runs()


def no_error(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)


@keyboard_or_mouse
def test_a_student_trains_a_network_and_takes_its_notebook_home(
    browser: Browser, tmp_path: Path, keyboard: bool
) -> None:
    """On a server that was started in another folder, with settings of Keras, Python and Streamlit in the way."""
    home, here = tmp_path / "home", tmp_path / "home" / "here"
    for folder in (here / "core", home / ".keras", home / ".streamlit"):
        folder.mkdir(parents=True)
    (here / "core" / "__init__.py").write_text("raise ImportError('not this one')", encoding="utf-8")
    keras = {"floatx": "float16", "epsilon": 1, "backend": "torch", "image_data_format": "channels_first"}
    (home / ".keras" / "keras.json").write_text(json.dumps(keras), encoding="utf-8")
    (home / ".streamlit" / "config.toml").write_text(
        "[runner]\nenforceSerializableSessionState = true\n", encoding="utf-8"
    )
    places = {"DIGIT_LAB_RUNS": "runs", "DIGIT_LAB_CACHE": "~/cache", "DIGIT_LAB_WARM_WORKER": "off"}
    variables = {"HOME": str(home), "PYTHONPATH": "", "PYTHONSAFEPATH": "1", "DIGIT_LAB_MNIST": "nowhere.npz"}
    with serving(here, script=ROOT / "app.py", **variables, **places) as (address, _), browser.new_context() as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{address}/?dataset=mnist-5k&epochs=1")
        student = Person(page, keyboard=keyboard)

        student.press(select(page, say("presets.mlp.name")), "Space")
        expect(page.get_by_text(say("presets.mlp.about")).first).to_be_visible()
        student.press(page.get_by_role("button", name=say("train.start")))
        eventually(lambda: [run.status.state for run in runs_in(here)] == ["finished"], 180)
        assert (home / "cache" / "mnist-5k" / "meta.json").is_file()

        (run,) = runs_in(here)
        student.press(page.locator(f".st-key-next_steps a[href*='{run.id}']").filter(has_text="mistakes"))
        expect(tab(page, "mistakes")).to_have_attribute("aria-selected", "true")
        opened = page.get_by_text(re.compile(r"^Digit \d+ is a "))
        expect(opened).to_be_visible()
        digit = re.findall(r"\d+", opened.inner_text())[0]

        student.press(page.get_by_role("button", name=say("inside_layers.look_inside")))
        expect(tab(page, "inside")).to_have_attribute("aria-selected", "true")
        expect(page.locator(".st-key-inside-layers .sheet .cell").first).to_be_visible()
        assert f"digit={digit}" in page.url

        student.press(menu(page, "draw"))
        if keyboard:
            # a canvas needs a pointer; a digit of the data set needs none
            student.press(select(page, say("draw.sources.test")), "Space")
        else:
            _draw_a_one(page)
        expect(page.locator(".answer > span").first).to_have_text(re.compile(r"^[0-9?]$"))

        student.press(menu(page, "train"))
        student.press(page.get_by_role("link", name=say("run_page.tabs.settings")))
        notebook = page.get_by_role("button", name=say("run_settings.download.ipynb"))
        with page.expect_download() as download:
            student.press(notebook)
        cells = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["cells"]
        assert any("model.fit" in "".join(cell["source"]) for cell in cells)
        no_error(page)


def _draw_a_one(page: Page) -> None:
    canvas = page.locator("canvas.upper-canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.46 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
    page.mouse.up()
