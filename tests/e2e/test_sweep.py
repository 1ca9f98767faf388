"""A sweep from the form to its best settings in the form again."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.runs.store import RunStore
from core.sweeps.folder import SweepStore, best_trial
from tests.e2e.conftest import ROOT, end_workers, serving

pytestmark = pytest.mark.browser

LINES = ".js-plotly-plot .scatterlayer .trace"


def test_two_settings_are_varied_watched_and_the_best_ones_used(page: Page, tmp_path):
    runs_dir = tmp_path / "runs"
    with serving(ROOT, DIGIT_LAB_RUNS=str(runs_dir), BATCH_SECONDS="0.02") as (address, _):
        page.goto(f"{address}/?preset=mlp-512&dataset=mnist-5k&epochs=2&batch_size=1600&validation=last-20")
        page.get_by_text("Try many settings").click()
        chosen = page.get_by_role("combobox", name="Settings to vary")
        for name in ("Learning rate", "Dropout"):
            chosen.click()
            page.get_by_role("option", name=name, exact=True).click()
            # behind the open list, nothing has a role
            page.keyboard.press("Escape")
            expect(page.get_by_role("textbox", name=name)).to_be_visible()
        trials = page.get_by_role("spinbutton", name="Trials")
        trials.fill("3")
        trials.press("Tab")
        page.get_by_role("button", name="Start 3 trials").click()
        expect(page).to_have_url(re.compile(r"/sweep\?sweep="))
        # they fill as trials end
        page.get_by_role("radio", name="Parallel coordinates").click(timeout=180_000)
        expect(page.get_by_text("Finished · 3 of 3 trials")).to_be_visible(timeout=180_000)
        expect(page.locator(LINES)).to_have_count(4)
        page.get_by_role("radio", name="History").click()
        sweep = SweepStore(RunStore(runs_dir)).all()[0]
        records = sweep.folder.trials()
        page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point").nth(1).click(force=True)
        expect(page).to_have_url(re.compile(f"/run.*run={records[1].runs[0]}"))
        page.go_back()
        page.get_by_role("link", name="Use these settings").click()
        best = best_trial(sweep.sweep, records)
        expect(page).to_have_url(re.compile(f"learning_rate={best.values['learning_rate']}"))
        expect(page.get_by_role("button", name="Start training")).to_be_visible()
    end_workers(runs_dir)
