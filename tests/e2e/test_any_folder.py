"""A server that is started in another folder, with a user's own settings of Keras, Python and Streamlit."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.runs.store import RunStore
from tests.e2e.conftest import ROOT, eventually, serving

pytestmark = pytest.mark.browser


def test_it_trains_and_stores_runs_in_the_working_folder(browser: Browser, tmp_path: Path) -> None:
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
        page.goto(f"{address}/?preset=mlp&dataset=mnist-5k&epochs=1")
        page.locator(".st-key-train-start button").click()
        eventually(lambda: _states(here / "runs") == ["finished"], 180)
        assert (home / "cache" / "mnist-5k" / "meta.json").is_file()
        for name in ("runs", "run?tab=results", "run?tab=inside", "draw", "data"):
            page.goto(f"{address}/{name}")
            expect(page.locator("h1").first).to_be_visible()
            expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
            expect(page.get_by_test_id("stException")).to_have_count(0)


def _states(runs_dir: Path) -> list[str]:
    return [run.status.state for run in RunStore(runs_dir, runs_dir / "none").runs()]
