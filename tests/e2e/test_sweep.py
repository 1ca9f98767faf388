"""A sweep from the form to its best settings, as a person makes it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Error, Page, expect

from core.runs.store import RunStore
from core.sweeps.folder import SweepStore, best_trial
from tests.e2e.conftest import ROOT, Lab, end_workers, eventually, serving

# half a minute
pytestmark = [pytest.mark.browser, pytest.mark.slow]

TRIALS = 12
TRIALS_DRAWN = """() => {
  const traces = document.querySelector(".js-plotly-plot")?.data ?? [];
  const points = traces.flatMap((trace) => Array.from(trace.customdata ?? []));
  return new Set(points.filter(Boolean).map(([trial]) => trial)).size;
}"""
FORM = "?preset=mlp-512&dataset=mnist-5k&epochs=3"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Lab]:
    runs_dir = tmp_path / "runs"
    with serving(ROOT, DIGIT_LAB_RUNS=str(runs_dir), DIGIT_LAB_RUNS_AT_ONCE="2", BATCH_SECONDS="0.15") as (address, _):
        yield Lab(address, runs_dir)
    end_workers(runs_dir)


def vary(page: Page, *settings: str) -> None:
    """Choose these settings in the panel."""
    page.get_by_text("Try many settings").click()
    for setting in settings:
        values = page.locator(f".st-key-sweep-values-{setting.lower().replace(' ', '_')} input")
        while not values.count():
            # a box that is being drawn forgets what is typed
            with suppress(Error):
                page.locator(".st-key-sweep-names input").fill(setting)
                page.get_by_role("option", name=setting, exact=True).click(timeout=5_000)
                values.wait_for(timeout=20_000)
    page.keyboard.press("Escape")


def lines(page: Page) -> int:
    """The trials whose lines the parallel coordinates have."""
    if not page.get_by_text("Each line is a trial").count():
        return 0
    trials: int = page.evaluate(TRIALS_DRAWN)
    return trials


def test_two_settings_are_varied_the_figure_fills_and_the_best_is_opened_and_used(page: Page, server: Lab) -> None:
    page.goto(server.address + FORM)
    vary(page, "Learning rate", "Batch size")
    trials = page.locator(".st-key-sweep-trials input")
    trials.fill(str(TRIALS))
    trials.press("Enter")
    page.get_by_role("button", name=f"Start {TRIALS} trials").click()
    page.get_by_text("Parallel coordinates", exact=True).click()
    eventually(lambda: 0 < lines(page) < TRIALS, 120)
    eventually(lambda: lines(page) == TRIALS, 120)

    store = SweepStore(RunStore(server.runs_dir))
    eventually(lambda: store.all()[0].status.state == "finished", 120)
    (listed,) = store.all()
    assert listed.sweep is not None
    best = best_trial(listed.sweep, listed.folder.trials())
    assert best is not None
    page.get_by_text("Slices", exact=True).click()
    # a point may lie under another one
    page.locator(".js-plotly-plot .points path").last.click(force=True)
    expect(page).to_have_url(re.compile(r"/run\?.*run="))
    page.go_back()
    page.get_by_role("link", name="Open its run").click()
    expect(page).to_have_url(re.compile(rf"/run\?.*run={best.runs[0]}"))
    page.go_back()
    page.get_by_role("link", name="Use these settings").click()
    expect(page.locator(".st-key-train-start button")).to_be_visible()
    expect(page.locator(".st-key-form-batch_size input")).to_have_value(str(best.values["batch_size"]))
    chosen = parse_qs(urlsplit(page.url).query)
    assert float(chosen["learning_rate"][0]) == pytest.approx(best.values["learning_rate"])
