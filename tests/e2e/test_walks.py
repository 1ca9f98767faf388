"""Whole ways through the product, as a student, a teacher and an engineer go them, with a keyboard alone or a mouse."""

import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.config.presets import PRESETS
from core.data import datasets
from core.runs.cross_validation import FILE, CrossValidation, write_out_of_sample
from core.runs.folder import RunFolder
from core.runs.store import RunStore
from core.text import say
from tests.e2e.conftest import ROOT, Lab, eventually, serving
from tests.e2e.person import Person
from tests.made_runs import lay_out

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


@pytest.mark.slow  # tests of each page have its steps
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
        opened = page.get_by_text(re.compile(r"^Image \d+ has the label "))
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


@pytest.mark.slow  # tests/e2e/test_learn.py and test_frame.py have its steps
@keyboard_or_mouse
def test_a_teacher_presents_a_lesson_and_shares_it_by_its_qr_code(
    visitors: list[BrowserContext], address: str, keyboard: bool
) -> None:
    page = visitors[0].new_page()
    page.set_viewport_size({"width": 1920, "height": 1080})
    # by a name and without HTTPS, as in a classroom
    page.goto(f"{address}/learn".replace("localhost", "lab.test"))
    teacher = Person(page, keyboard=keyboard)
    teacher.press(page.get_by_role("button", name=say("present.begin")))
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    teacher.press(select(page, say("lessons.names.convolution")), "Space")
    picture = page.locator(".walk .ground .paper")
    expect(picture).to_be_visible()
    eventually(lambda: (box := picture.bounding_box()) and box["height"] > 0.5 * 1080)
    size = "(walk) => parseFloat(getComputedStyle(walk).fontSize)"
    eventually(lambda: page.locator(".walk").evaluate(size) >= 24)
    teacher.press(page.locator(".player").get_by_role("button", name=say("player.play"), exact=True))
    teacher.press(page.locator(".player").get_by_role("button", name=say("player.pause"), exact=True))
    expect(page).to_have_url(re.compile(r"step=\d+"))

    teacher.press(page.get_by_role("button", name=say("share.button"), exact=True))
    code = page.get_by_role("img", name=say("share.qr_alt"))
    expect(code).to_be_visible()
    eventually(lambda: code.evaluate("(image) => image.complete"))
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    teacher.press(page.get_by_role("button", name=say("share.copy"), exact=True))
    expect(page.get_by_text(say("share.copied"), exact=True)).to_be_visible()
    page.evaluate("document.body.prepend(document.createElement('textarea'))")
    page.locator("body > textarea").focus()
    page.keyboard.press("Control+v")
    assert page.locator("body > textarea").input_value() == found.text
    link = urlsplit(found.text)
    step = parse_qs(link.query)["step"][0]
    assert link.hostname == "lab.test"
    assert parse_qs(link.query).items() >= {"lesson": ["convolution"], "present": ["1"]}.items()

    other = visitors[1].new_page()
    other.goto(found.text)
    expect(other.locator(".walk .ground .paper")).to_be_visible()
    expect(other.get_by_test_id("stHeader")).to_be_hidden()
    eventually(lambda: other.locator(".player input").input_value() == step)
    other.keyboard.press("Escape")
    expect(other.get_by_test_id("stHeader")).to_be_visible()
    expect(other).to_have_url(re.compile(rf"/learn\?lesson=convolution&step={step}$"))


@pytest.mark.slow  # tests of each page have its steps
@keyboard_or_mouse
def test_an_engineer_trains_seeds_compares_deletes_forks_and_takes_suspected_labels(
    page: Page, lab: Lab, keyboard: bool
) -> None:
    config = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20", epochs=3, learning_rate=0.0004)
    first = lay_out(lab.runs_dir, "finished", config=config, errors={3: 9})
    cross_validated(first)
    before = {run.id for run in runs_in(lab.runs_dir.parent)}
    page.goto(f"{lab.address}/run?run={first.id}&tab=settings")
    engineer = Person(page, keyboard=keyboard)

    engineer.press(page.get_by_role("button", name=say("new_runs.seeds")))
    eventually(lambda: states_of_new(lab, before) == 3 * ["finished"], 120)
    seeds = [run for run in runs_in(lab.runs_dir.parent) if run.id not in before]
    assert len({run.manifest.config.seed for run in seeds} - {config.seed}) == 3

    engineer.press(menu(page, "runs"))
    engineer.type(page.get_by_role("searchbox"), "mlp-512 mnist-5k")
    for run in (first, seeds[0]):
        engineer.press(page.locator(f'tr[data-id="{run.id}"]').get_by_role("checkbox"), "Space")
    expect(page.get_by_text("2 runs side by side")).to_be_in_viewport()

    engineer.press(page.locator(f'tr[data-id="{first.id}"]').get_by_role("checkbox"), "Space")
    engineer.press(page.get_by_role("button", name=say("run_list.delete"), exact=True))
    undo = page.get_by_role("button", name=re.compile("^Undo deletion of"))
    expect(undo).to_be_visible()
    assert not seeds[0].folder.path.exists()
    engineer.press(undo)
    eventually(lambda: seeds[0].folder.path.exists())

    engineer.press(page.locator(f'tr[data-id="{seeds[0].id}"]').get_by_role("link"))
    engineer.press(tab(page, "settings"))
    engineer.press(page.get_by_role("button", name=say("new_runs.fork")))
    engineer.press(page.get_by_role("button", name=say("new_runs.begin_fork"), exact=True))
    eventually(lambda: states_of_new(lab, before) == 4 * ["finished"], 120)
    (forked,) = [run for run in runs_in(lab.runs_dir.parent) if run.id not in {*before, *(one.id for one in seeds)}]
    assert forked.manifest.origin
    assert forked.manifest.origin.run == seeds[0].id

    page.goto(f"{lab.address}/run?run={first.id}&tab=mistakes")
    engineer.press(select(page, say("mistakes.shows.labels")), "Space")
    engineer.press(select(page, say("labels.training")), "Space")
    expect(page.get_by_text("labels may be wrong")).to_be_visible()
    with page.expect_download() as download:
        engineer.press(page.get_by_role("button", name=say("labels.download"), exact=True))
    table = pd.read_csv(download.value.path())
    assert set(table["index"]) == {7, 300, 3000}
    no_error(page)


def states_of_new(lab: Lab, before: set[str]) -> list[str]:
    return [run.status.state for run in runs_in(lab.runs_dir.parent) if run.id not in before]


def cross_validated(folder: RunFolder) -> None:
    """Write the result of a cross-validation that suspects three training labels."""
    labels = np.array(datasets.load("mnist-5k").train_labels[:3200])
    logits = np.full((3200, 10), -6.0, np.float32)
    logits[np.arange(3200), labels] = 2
    for index in (7, 300, 3000):
        logits[index] = -6
        logits[index, (labels[index] + 1) % 10] = 3
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    write_out_of_sample(folder.path / FILE, logs.astype(np.float16), labels, CrossValidation("any", (0.001,)))


def _draw_a_one(page: Page) -> None:
    canvas = page.locator("canvas.upper-canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.46 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
    page.mouse.up()
