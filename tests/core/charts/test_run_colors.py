"""The colors of runs."""

from core.charts.palette import DARK, LIGHT
from core.charts.run_colors import run_colors

NUMBERED = {f"run-{number}": number for number in range(1, 31)}
UNNUMBERED = dict.fromkeys(("cnn-16-36", "mlp-512", "lenet-20-50"))


def test_ten_runs_in_a_row_differ():
    found = list(run_colors(NUMBERED, [], LIGHT).values())
    assert all(len(set(found[place : place + 10])) == 10 for place in range(21))


def test_a_run_keeps_its_color_when_others_come_and_go():
    every = run_colors(NUMBERED | UNNUMBERED, [], LIGHT)
    some = {run_id: number for run_id, number in (NUMBERED | UNNUMBERED).items() if run_id not in ("run-3", "mlp-512")}
    assert run_colors(some, [], LIGHT) == {run_id: every[run_id] for run_id in some}


def test_ten_compared_runs_differ_and_only_those_in_conflict_change():
    compared = [*UNNUMBERED, "run-1", "run-11", "run-21", "run-2", "run-3", "run-4", "run-5"]
    alone, found = (run_colors(NUMBERED | UNNUMBERED, ids, DARK) for ids in ([], compared))
    assert {found[run_id] for run_id in compared} == set(DARK.runs)
    assert found[compared[0]] == alone[compared[0]]
    assert all(found[run_id] == alone[run_id] for run_id in NUMBERED if run_id not in compared)


def test_more_compared_runs_than_colors_begin_again():
    assert set(run_colors(NUMBERED, list(NUMBERED), LIGHT).values()) == set(LIGHT.runs)
