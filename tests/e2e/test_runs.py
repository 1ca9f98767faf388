"""The list of runs, as a browser shows it."""

import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from core.config.presets import PRESETS
from core.runs.folder import RunFolder
from tests.e2e.conftest import Lab
from tests.made_runs import lay_out

pytestmark = pytest.mark.browser

CONFIG = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20", hidden_units=(300,))
"""Of a size that no other test trains, so that its group is the only one of its name."""


@pytest.fixture(scope="module")
def seeds(lab: Lab) -> list[RunFolder]:
    """Three seeds, which fold into one row."""
    return [lay_out(lab.runs_dir, "finished", config=CONFIG.replace(seed=seed), errors={3: 9}) for seed in (1, 2, 3)]


def test_groups_open_rows_are_selected_and_names_are_links(page: Page, lab: Lab, seeds: list[RunFolder]) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{lab.address}/runs")
    page.get_by_role("searchbox").fill("300 mnist-5k")
    fold = page.get_by_role("button", name="Show the runs of Seeds · MLP 300")
    newest = page.locator(f'tr[data-id="{seeds[2].id}"]')
    # the filter has opened the group
    expect(newest).to_be_visible()
    fold.click()
    expect(newest).to_be_hidden()
    fold.click()

    group = page.get_by_role("checkbox", name="Select Seeds · MLP 300")
    before = newest.bounding_box()
    newest.get_by_role("checkbox").click()
    expect(group).not_to_be_checked()
    assert group.evaluate("box => box.indeterminate")
    page.locator(f'tr[data-id="{seeds[0].id}"]').get_by_role("checkbox").click(modifiers=["Shift"])
    expect(group).to_be_checked()
    expect(page.get_by_text("3 of ")).to_be_visible()
    # beside the list, whose rows stay where they are
    expect(page.get_by_role("region", name="3 runs side by side")).to_be_in_viewport(ratio=0.7)
    after = newest.bounding_box()
    assert before and after and after["y"] == before["y"]

    # by keyboard, arrows move from row to row, and Enter opens one
    link = newest.get_by_role("link")
    with page.context.expect_page() as opened:
        link.click(button="middle")
    expect(opened.value.get_by_role("tab", name="Curves", selected=True)).to_be_visible()
    opened.value.close()
    link.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f'tr[data-id="{seeds[1].id}"]').get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/run?*run={seeds[1].id}")
    page.go_back()
    expect(group).to_be_checked()


@pytest.mark.slow  # tests/pages/runs/test_page.py has it without a browser
def test_the_list_follows_a_run_that_ends_and_keeps_what_is_selected(page: Page, lab: Lab) -> None:
    folder = lay_out(lab.runs_dir, "training", config=CONFIG.replace(learning_rate=0.0009))
    try:
        page.goto(f"{lab.address}/runs")
        row = page.locator(f'tr[data-id="{folder.id}"]')
        row.get_by_role("checkbox").click()
        expect(row).to_contain_text("Training")
        folder.write_status(replace(folder.status(), state="finished", owner=None))
        expect(row).to_contain_text("Finished")
        expect(row.get_by_role("checkbox")).to_be_checked()
    finally:
        shutil.rmtree(folder.path)  # or the server's end would kill its owner
