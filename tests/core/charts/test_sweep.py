"""Optuna's figures in our colors."""

import json

import pytest

from core.charts.palette import DARK, LIGHT
from core.charts.sweep import sweep_figure
from core.runs.store import RunStore
from core.sweeps.figures import MOST_LINES, draw_figures
from core.sweeps.folder import SweepFolder
from tests.core.sweeps.conftest import RATES, a_sweep
from tests.core.sweeps.test_figures import filled


@pytest.fixture
def runs(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "shipped")


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_every_figure_is_drawn_in_our_colors_and_of_a_thousand_trials_no_more_than_a_browser_bears(runs, colors):
    folder = SweepFolder.create(runs, a_sweep())
    draw_figures(filled(folder, a_sweep(RATES, "batch_size=32,64,128"), 1000), folder)
    for path in folder.figure("x").parent.glob("*.json"):
        figure = sweep_figure(json.loads(path.read_text()), colors, 380, title=str.upper)
        assert len(figure.data) <= MOST_LINES + 1
        assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
        assert path.stat().st_size < 400_000
        clicked = [trace for trace in figure.data if trace.customdata is not None]
        assert clicked or path.stem == "importances"
