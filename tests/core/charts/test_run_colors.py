"""The colors of runs."""

from core.charts.palette import DARK, LIGHT
from core.charts.run_colors import run_colors

IDS = [f"20260102-03040{number % 10}-mlp-512-{number:06x}" for number in range(40)]


def test_a_run_keeps_its_color_when_others_come():
    before, after = run_colors(IDS[:20], [], LIGHT), run_colors(IDS, [], LIGHT)
    assert before == {run_id: after[run_id] for run_id in IDS[:20]}


def test_runs_started_one_after_another_differ():
    found = run_colors(IDS, [], LIGHT)
    for place in range(len(IDS) - 4):
        assert len({found[run_id] for run_id in IDS[place : place + 5]}) == 5


def test_ten_compared_runs_differ_and_the_first_keeps_its_color():
    compared = IDS[::4]
    found = run_colors(IDS, compared, DARK)
    assert {found[run_id] for run_id in compared} == set(DARK.runs)
    assert found[compared[0]] == run_colors(IDS, [], DARK)[compared[0]]
    others = [run_id for run_id in IDS if run_id not in compared]
    assert [found[run_id] for run_id in others] == [run_colors(IDS, [], DARK)[run_id] for run_id in others]


def test_more_compared_runs_than_colors_begin_again():
    assert set(run_colors(IDS, IDS, LIGHT).values()) == set(LIGHT.runs)
