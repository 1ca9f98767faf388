"""Which runs a link compares the shown run with."""

from core.charts.robustness import MOST_LINES
from core.runs.store import RunStore
from pages.run.inside.compared import choose

SHIPPED = {run.id: run for run in RunStore().runs() if run.shipped}


def chosen(shown, asked):
    return choose(list(SHIPPED.values()), SHIPPED[shown], asked)


def test_only_runs_with_the_same_test_digits_are_offered():
    offered = chosen("cnn-16-36", "").offered
    assert {"mlp-512", "lenet-20-50"} <= offered.keys()
    assert not {"cnn-16-36", "cnn-16-36-5k"} & offered.keys()


def test_an_empty_link_chooses_a_run_of_the_other_kind():
    assert chosen("cnn-16-36", "").chosen == ["mlp-512"]
    assert chosen("mlp-512", "").chosen == ["cnn-16-36"]


def test_the_shown_run_alone_is_a_choice():
    choice = chosen("cnn-16-36", "cnn-16-36")
    assert (choice.chosen, choice.unknown, choice.other_digits, choice.too_many) == ([], [], [], 0)


def test_runs_are_chosen_once_in_the_order_of_the_link_and_others_left_out():
    choice = chosen("cnn-16-36", "gone,cnn-16-36-5k,mlp-512,lenet-20-50,mlp-512")
    assert choice.chosen == ["mlp-512", "lenet-20-50"]
    assert choice.unknown == ["gone"]
    assert choice.other_digits == [SHIPPED["cnn-16-36-5k"]]


def test_runs_beyond_the_number_of_lines_are_counted():
    choice = chosen("cnn-16-36", ",".join(chosen("cnn-16-36", "").offered))
    assert len(choice.chosen) == MOST_LINES - 1
    assert choice.too_many == len(choice.offered) - len(choice.chosen) > 0
