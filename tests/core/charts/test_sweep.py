"""Optuna's figures in our colors."""

import itertools
import json

import pytest

from core.charts.palette import DARK, LIGHT
from core.charts.sweep import sweep_figure
from core.runs.store import RunStore
from core.sweeps.figures import draw_figures
from core.sweeps.folder import SweepFolder
from core.text import speaking
from tests.core.sweeps.conftest import RATES, a_sweep
from tests.core.sweeps.test_figures import filled


@pytest.fixture
def runs(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "shipped")


def test_every_figure_is_drawn_in_our_colors_and_of_a_thousand_trials_no_more_than_a_browser_can_draw(runs):
    folder = SweepFolder.create(runs, a_sweep())
    draw_figures(filled(folder, a_sweep(RATES, "batch_size=32,64,128"), 1000), folder)
    paths = folder.figure("x").parent.glob("*.json")
    for path, colors in itertools.product(paths, (LIGHT, DARK)):
        figure = sweep_figure(json.loads(path.read_text()), colors, 380, title=str.upper)
        assert len(figure.data) <= 14
        assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
        assert path.stat().st_size < 400_000
        clicked = [trace for trace in figure.data if trace.customdata is not None]
        assert clicked or path.stem == "importances"


def test_lines_of_one_color_are_one_trace_whose_points_lead_to_their_trials(runs):
    folder = SweepFolder.create(runs, a_sweep())
    draw_figures(filled(folder, a_sweep(RATES, "batch_size=32,64,128"), 100), folder)
    for kind, most in (("parallel", 13), ("intermediate", 1)):
        values = json.loads(folder.figure(kind).read_text())
        figure = sweep_figure(values, LIGHT, 380, title=str)
        assert kind == "parallel" or figure.layout.xaxis.dtick == 1
        lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
        assert 0 < len(lines) <= most
        drawn, file = (
            {
                (point[0], x, y)
                for line in traces
                for point, x, y in zip(line["customdata"], line["x"], line["y"], strict=True)
                if point is not None
            }
            for traces in (lines, [trace for trace in values["data"] if "meta" in trace])
        )
        assert drawn == file
        for line in lines:
            # without a gap, the lines of two trials would be joined
            trials = [point and point[0] for point in line.customdata]
            assert all(a == b or None in (a, b) for a, b in itertools.pairwise(trials))


def test_what_a_point_tells_is_in_the_readers_words(runs):
    folder = SweepFolder.create(runs, a_sweep())
    draw_figures(filled(folder, a_sweep(RATES, "batch_size=32,64,128"), 10), folder)
    words = {"batch_size": "批次大小", "learning_rate": "學習率", "Objective Value": "驗證損失", "Trial": "試驗"}
    with speaking("zh-Hant"):
        shown = {
            kind: sweep_figure(
                json.loads(folder.figure(kind).read_text()), LIGHT, 380, title=lambda text: words.get(text, text)
            )
            for kind in ("parallel", "history", "importances")
        }
    lines = [trace for trace in shown["parallel"].data if trace.hovertext]
    assert {text.split("：")[0] for line in lines for text in line.hovertext if text} == {*words.values()} - {"試驗"}
    assert set(shown["importances"].data[0].y) == {"批次大小", "學習率"}
    assert shown["history"].data[0].hovertemplate.startswith("試驗 %{customdata[0]}：")
