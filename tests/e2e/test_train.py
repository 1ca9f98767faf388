"""The Train page from start to stop: watch, zoom, pause, leave and come back."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from core.runs.entries import Run
from core.runs.store import RunStore
from tests.e2e.conftest import ROOT, Lab, end_workers, eventually, serving
from tests.e2e.views import WATCH_MOVES, assert_still, open_view

pytestmark = pytest.mark.browser

LONG = "?preset=mlp-512&dataset=mnist-5k&epochs=1000&validation=last-20"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    runs_dir = tmp_path_factory.mktemp("train") / "runs"
    with serving(ROOT, DIGIT_LAB_RUNS=str(runs_dir)) as (address, _):
        yield Lab(address, runs_dir)


@pytest.fixture
def runs_dir(server: Lab) -> Iterator[Path]:
    """The server's empty runs folder."""
    yield server.runs_dir
    while server.runs_dir.exists():
        # a queued run may start while the folder is deleted
        shutil.rmtree(server.runs_dir, ignore_errors=True)


@pytest.fixture
def page(page: Page, server: Lab, runs_dir: Path) -> Page:  # noqa: ARG001 it is empty
    page.goto(server.address + LONG)
    return page


def own_run(runs_dir: Path) -> Run:
    return next(run for run in RunStore(runs_dir).runs() if not run.shipped)


def state(runs_dir: Path) -> str:
    runs = [run for run in RunStore(runs_dir).runs() if not run.shipped]
    return runs[0].status.state if runs else "none"


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click()


def press_until(page: Page, key: str, runs_dir: Path, wanted: str) -> None:
    """Click until the run is in this state, because a click on a button that is being redrawn has no effect."""
    deadline = time.monotonic() + 120
    while state(runs_dir) != wanted:
        assert time.monotonic() < deadline, state(runs_dir)
        with suppress(Error):
            page.locator(f".st-key-{key} button").click(timeout=5_000)
        with suppress(AssertionError):
            eventually(lambda: state(runs_dir) == wanted, seconds=10)


def points(page: Page) -> int:
    """The number of epochs of the training line in the loss chart."""
    return int(
        page.evaluate(
            """() => {
                const plot = document.querySelector(".live-chart-plot");
                const line = plot?.data?.find((trace) => trace.name === "Training");
                return line ? line.x.length : 0;
            }"""
        )
    )


def x_range(page: Page) -> list[float]:
    return [float(end) for end in page.evaluate("document.querySelector('.live-chart-plot').layout.xaxis.range")]


def zoom(page: Page) -> None:
    box = page.locator(".live-chart-plot .nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()


@pytest.mark.slow  # tests/core/training/test_steering.py pauses and stops, the next tests start
def test_a_long_run_from_start_to_stop(page: Page, runs_dir: Path) -> None:
    press(page, "train-start")
    eventually(lambda: points(page) >= 2)
    before = points(page)
    eventually(lambda: points(page) > before)

    zoom(page)
    eventually(lambda: x_range(page)[0] > 0.1)
    zoomed, before = x_range(page), points(page)
    eventually(lambda: points(page) > before + 1)
    assert x_range(page) == pytest.approx(zoomed)

    press_until(page, "watch-pause", runs_dir, "paused")
    expect(page.get_by_text(re.compile("^Paused"))).to_be_visible()
    press_until(page, "watch-resume", runs_dir, "training")

    before = points(page)
    page.reload()
    eventually(lambda: points(page) > before)
    assert state(runs_dir) == "training"

    press_until(page, "watch-stop", runs_dir, "stopped")
    expect(page.get_by_text("Stopped after epoch")).to_be_visible()
    status = own_run(runs_dir).status
    assert status.test_accuracy is not None
    assert status.test_accuracy > 0.85
    page.reload()
    # after a reload the page still shows this run with all its epochs
    eventually(lambda: points(page) == status.epoch)


@pytest.mark.parametrize(
    ("width", "height"), [(1280, 900), pytest.param(390, 844, marks=pytest.mark.slow)], ids=["desktop", "phone"]
)
def test_start_is_few_keys_away_and_nothing_moves_until_the_run_ends(
    page: Page, server: Lab, runs_dir: Path, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    # what is redrawn once more loses the focus
    open_view(page, f"{server.address}?preset=mlp-512&dataset=mnist-5k&epochs=6&validation=last-20")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    start = page.get_by_role("button", name="Start training")
    presses = 2
    while not start.evaluate("(button) => button === document.activeElement"):
        assert presses < 8, "Start is not reached by eight keys."
        page.keyboard.press("Tab")
        presses += 1
    page.keyboard.press("Enter")
    # the form leaves its place to the charts, later than the browser ascribes it to the key if the machine is busy
    expect(page.locator(".st-key-train-unfold button")).to_be_visible()
    expect(page.locator(".st-key-train-form")).to_have_count(0)
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    page.evaluate(WATCH_MOVES)
    expect(page.get_by_text(re.compile("^Test accuracy "))).to_be_visible(timeout=120_000)
    assert own_run(runs_dir).status.state == "finished"
    assert_still(page)
    expect(page.locator("#announcements")).to_contain_text(re.compile(r"Finished, .*\s% on the test set"))


def test_start_uses_what_was_typed_and_is_disabled_for_invalid_values(page: Page, runs_dir: Path) -> None:
    epochs = page.locator(".st-key-form-epochs input")
    start = page.locator(".st-key-train-start button")
    expect(epochs).to_be_visible(timeout=60_000)
    for typed in ("99999", "0", "99999999999999999999", "2.5"):
        epochs.fill(typed)
        epochs.press("Tab")
        expect(page.get_by_text("use a whole number from 1 to 1,000").first).to_be_visible()
        expect(start).to_be_disabled()
    # a click on Start right after typing uses the new value
    epochs.fill("7")
    epochs.press("Tab")
    expect(start).to_be_enabled()
    epochs.fill("8")
    start.click()
    eventually(lambda: state(runs_dir) != "none")
    assert own_run(runs_dir).manifest.config.epochs == 8


@pytest.mark.slow  # tests/faults/test_servers.py has it without a browser
def test_a_run_outlives_its_server(browser: Browser, tmp_path: Path) -> None:
    runs_dir = tmp_path / "runs"
    environment = {"DIGIT_LAB_RUNS": str(runs_dir)}
    with serving(ROOT, **environment) as (address, _), browser.new_context() as context:
        page = context.new_page()
        page.goto(address + LONG)
        press(page, "train-start")
        # until it trains, the page may show another run
        eventually(lambda: state(runs_dir) == "training")
        eventually(lambda: own_run(runs_dir).folder.epochs_csv.exists())
        eventually(lambda: points(page) >= 2)
    epoch = len(own_run(runs_dir).folder.epochs_csv.read_text(encoding="utf-8").splitlines())
    with serving(ROOT, **environment) as (address, _), browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        eventually(lambda: points(page) > epoch)
        assert state(runs_dir) == "training"
    end_workers(runs_dir)
