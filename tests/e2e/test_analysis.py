"""From a figure to its digits in a real browser: by pointer, keyboard and link, and on a phone."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from sklearn.metrics import confusion_matrix

from core.runs.folder import RunFolder
from tests.e2e.conftest import ROOT, Lab, eventually, serving
from tests.e2e.drawn_matrix import click_cell, counts, texts
from tests.made_runs import answer, lay_out, stored

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(lab: Lab) -> RunFolder:
    """A run with 300, then 200, then 100 errors in 1,000 digits."""
    return lay_out(lab.runs_dir, "finished", errors={1: 30, 2: 20, 3: 10}, test_accuracy=0.9)


@pytest.fixture(scope="module")
def better(lab: Lab, folder: RunFolder) -> RunFolder:  # noqa: ARG001 created before this one
    """A newer run with 60 errors."""
    return lay_out(lab.runs_dir, "finished", errors={1: 25, 3: 6}, seed=1, test_accuracy=0.94)


def cells(page: Page, name: str = "confusion-sheet") -> Locator:
    return page.locator(f"[class*=st-key-{name}] .sheet .cell")


def indices(page: Page, name: str = "confusion-sheet") -> list[int]:
    """The indices of the digits in a sheet, from their descriptions."""
    titles = cells(page, name).evaluate_all("(cells) => cells.map((cell) => cell.ariaDescription)")
    return [int(match[1]) for title in titles if (match := re.match(r"Index (\d+),", title))]


def picker(page: Page, name: str) -> Locator:
    return page.locator(f"[class*=st-key-view-{name}-] input")


def picked(page: Page, *names: str) -> list[str]:
    """The chosen values; for a moment after a choice, the previous ones too."""
    return [
        value for name in names for value in picker(page, name).evaluate_all("(all) => all.map((one) => one.value)")
    ]


def answers(folder: RunFolder, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels and predictions."""
    true, probabilities = stored(folder, epoch)
    return true, probabilities.argmax(axis=1)


def in_cell(folder: RunFolder, true: int, predicted: int, epoch: int = 3) -> set[int]:
    """The indices of the digits in a cell of the confusion matrix."""
    labels, read = answers(folder, epoch)
    return set(np.flatnonzero((labels == true) & (read == predicted)).tolist())


def pick(page: Page, name: str, digit: int) -> None:
    """Choose a class by keyboard."""
    field = picker(page, name).first
    options = page.get_by_role("option")

    def opened() -> bool:
        # a list that is open closes when the page is redrawn
        if options.count() != 11:
            field.focus()
            page.keyboard.press("ArrowDown")
        return options.count() == 11

    eventually(opened)
    # the digits follow "any"
    page.keyboard.press("Home")
    for _ in range(12):
        focused = field.get_attribute("aria-activedescendant")
        if focused and (page.locator(f"[id='{focused}']").text_content() or "").strip() == str(digit):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    eventually(lambda: picked(page, name) == [str(digit)])


def test_a_cell_chosen_by_click_or_keyboard_shows_exactly_its_digits(
    page: Page, address: str, folder: RunFolder
) -> None:
    page.goto(f"{address}/run?tab=results&run={folder.id}")
    true, predicted = answers(folder, 3)
    eventually(lambda: np.array_equal(counts(page), confusion_matrix(true, predicted)))
    wrong = confusion_matrix(true, predicted) * (1 - np.eye(10, dtype=int))
    chosen = [tuple(map(int, place)) for place in np.argwhere(wrong)[[0, 25, -1]]]
    for cell in (*chosen, chosen[0]):
        click_cell(page, *cell)
        eventually(lambda cell=cell: set(indices(page)) == in_cell(folder, *cell))
        eventually(lambda cell=cell: picked(page, "true", "predicted") == [str(one) for one in cell])
        labels = cells(page).evaluate_all("(cells) => cells.map((cell) => cell.ariaLabel)")
        assert all(label.startswith(f"{cell[0]} → {cell[1]}, ") for label in labels)
    click_cell(page, 6, 6)
    eventually(lambda: len(indices(page)) == 24 and set(indices(page)) <= in_cell(folder, 6, 6))
    row, column = map(int, np.argwhere(wrong == wrong.max())[-1])
    pick(page, "true", row)
    pick(page, "predicted", column)
    eventually(lambda: set(indices(page)) == in_cell(folder, row, column))
    # a switch draws the matrix alone, and is a part of the view as other choices are
    shown = f"{address}/run?tab=results&run={folder.id}&true={row}&predicted={column}"
    page.wait_for_url(shown)
    page.get_by_text("Row shares").click()
    page.wait_for_url(f"{shown}&shares=true")
    eventually(lambda: any("." in text for text in texts(page)))
    assert set(indices(page)) == in_cell(folder, row, column)
    page.go_back()
    page.wait_for_url(shown)
    eventually(lambda: texts(page) and not any("." in text for text in texts(page)))


def chosen_cell(page: Page) -> tuple[int, int]:
    true, predicted = (int(picker(page, name).first.input_value()) for name in ("true", "predicted"))
    return true, predicted


@pytest.mark.slow  # tests/pages/run/results/test_page.py has it without a browser
def test_the_slider_changes_matrix_cards_and_sheet_together(page: Page, address: str, folder: RunFolder) -> None:
    page.goto(f"{address}/run?tab=results&run={folder.id}")
    expect(cells(page).first).to_be_visible()
    page.locator("[class*=st-key-view-epoch-] input").focus()
    page.keyboard.press("Home")
    matrix = confusion_matrix(*answers(folder, 1))
    eventually(lambda: np.array_equal(counts(page), matrix))
    expect(page.get_by_test_id("stMetricValue").nth(3)).to_have_text("300")
    # while the page changes, the old picker may be shown beside the new one
    eventually(lambda: set(indices(page)) == in_cell(folder, *chosen_cell(page), 1))
    assert page.url.endswith("epoch=1")
    # the slider keeps the focus while the page changes
    assert page.evaluate("document.activeElement.type") == "range"


@pytest.mark.slow  # the next way back is that of an old link
def test_a_digit_opens_mistakes_and_back_returns(page: Page, address: str, folder: RunFolder) -> None:
    page.goto(f"{address}/run?tab=results&run={folder.id}&epoch=2")
    expect(cells(page).first).to_be_visible()
    here = indices(page)
    cells(page).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Mistakes", selected=True)).to_be_visible()
    expect(page.get_by_text(f"Image {here[1]} has the label")).to_be_visible()
    expect(page.locator(".st-key-mistakes-sheet .cell[aria-current]")).to_have_attribute(
        "aria-description", re.compile(f"Index {here[1]},")
    )
    assert indices(page, "mistakes-sheet") == here
    assert f"digit={here[1]}" in page.url
    page.go_back()
    expect(page.get_by_role("tab", name="Results", selected=True)).to_be_visible()
    eventually(lambda: indices(page) == here)
    expect(page.get_by_test_id("stMetricValue").nth(3)).to_have_text("200")


@pytest.mark.slow  # tests/e2e/test_runs.py has rows that open
def test_a_row_of_the_table_is_opened_by_click_and_arrow_keys(page: Page, address: str, folder: RunFolder) -> None:
    page.goto(f"{address}/run?tab=mistakes&run={folder.id}&show=table&sort=index")
    rows = page.locator(".st-key-digit-table-mistakes tbody tr")
    for act, digit in (
        (lambda: rows.nth(3).locator("td").last.click(), 3),
        (lambda: page.keyboard.press("ArrowDown"), 4),
        (page.go_back, 3),
        (lambda: rows.nth(1).click(), 1),
    ):
        act()
        expect(page.get_by_text(f"Image {digit} has the label")).to_be_visible()
        expect(rows.nth(digit)).to_have_class("chosen")
        assert f"digit={digit}" in page.url
    rows.nth(6).hover()
    expect(page.locator(".st-key-digit-table-mistakes .preview .ink")).to_be_visible()


@pytest.mark.slow  # tests/pages/runs has it without a browser
def test_two_runs_are_compared_by_the_digits_gained_and_lost(
    page: Page, address: str, folder: RunFolder, better: RunFolder
) -> None:
    page.goto(f"{address}/runs?runs={folder.id},{better.id}")
    summary = page.get_by_text(re.compile(r"^B gains \d+ images and loses \d+ against A: "))
    expect(summary).to_be_visible()
    gained, lost = map(int, re.findall(r"\d+", summary.text_content() or "")[:2])
    errors = re.findall(r"\d+", page.get_by_text(re.compile("^A has ")).text_content() or "")
    assert errors[:2] == ["100", "60"]
    assert gained - lost == 100 - 60
    (true, a), (_, b) = answers(folder, 3), answers(better, 3)
    eventually(
        lambda: np.array_equal(counts(page, "difference-"), confusion_matrix(true, b) - confusion_matrix(true, a))
    )
    # filtered by class, by keyboard
    pick(page, "diff_true", 5)
    five = set(np.flatnonzero((a == 5) & (b != 5) & (true == 5)).tolist())
    expect(page.get_by_text(f"Lost: {len(five)}", exact=True)).to_be_visible()
    eventually(lambda: cells(page, "difference-lost").count() == len(five))
    cells(page, "difference-lost").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Image {min(five)} has the label 5 and is predicted as {b[min(five)]}")).to_be_visible()
    assert f"run={better.id}" in page.url
    page.go_back()
    expect(summary).to_be_visible()


def test_results_of_a_training_run_refresh_without_a_click(page: Page, lab: Lab) -> None:
    running = lay_out(lab.runs_dir, "training", epochs=[], errors={1: 50}, best_epoch=None)
    try:
        page.goto(f"{lab.address}/run?tab=results&run={running.id}")
        expect(page.get_by_test_id("stMetricValue").nth(3)).to_have_text("500")
        answer(running, 2, 40)
        running.change_status(epoch=2, best_epoch=2)
        expect(page.get_by_test_id("stMetricValue").nth(3)).to_have_text("400", timeout=30_000)
    finally:
        running.change_status(state="stopped", owner=None)


def test_an_old_link_can_be_the_first_request_and_does_not_trap_back(page: Page, lab: Lab, folder: RunFolder) -> None:
    with serving(ROOT, DIGIT_LAB_RUNS=str(lab.runs_dir)) as (address, _):
        page.goto(f"{address}/mistakes?run={folder.id}&epoch=2&digit=7")
        expect(page.get_by_text("Image 7 has the label")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        # an address of an earlier version is replaced, so Back leads to the page before
        assert page.url == f"{address}/run?tab=mistakes&run={folder.id}&epoch=2&digit=7"
        page.go_back()
        page.wait_for_url("about:blank")
