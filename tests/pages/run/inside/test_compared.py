"""Which runs a link compares the shown run with, and what it asks for in vain."""

from core.charts.robustness import MOST_LINES
from core.runs.store import RunStore
from pages.run.inside.compared import choose

SHIPPED = {run.id: run for run in RunStore().runs() if run.shipped}


def chosen(shown, asked):
    return choose(list(SHIPPED.values()), SHIPPED[shown], asked)


def test_only_runs_tested_on_the_same_digits_are_offered():
    offered = chosen("cnn-16-36", "").offered
    assert {"mlp-512", "lenet-20-50"} <= offered.keys()
    assert not {"cnn-16-36", "cnn-16-36-5k"} & offered.keys()


def test_an_empty_link_chooses_a_run_of_the_other_kind():
    assert chosen("cnn-16-36", "").chosen == ["mlp-512"]
    assert chosen("mlp-512", "").chosen == ["cnn-16-36"]


def test_the_shown_run_alone_is_a_choice():
    choice = chosen("cnn-16-36", "cnn-16-36")
    assert (choice.chosen, choice.unknown, choice.other_digits, choice.too_many) == ([], [], [], 0)


def test_runs_are_chosen_once_and_in_the_order_of_the_link():
    assert chosen("cnn-16-36", "mlp-512,lenet-20-50,mlp-512").chosen == ["mlp-512", "lenet-20-50"]


def test_what_cannot_be_compared_is_left_out():
    choice = chosen("cnn-16-36", "gone,cnn-16-36-5k,mlp-512")
    assert choice.unknown == ["gone"]
    assert choice.other_digits == [SHIPPED["cnn-16-36-5k"]]
    assert choice.chosen == ["mlp-512"]


def test_more_runs_than_lines_are_counted():
    choice = chosen("cnn-16-36", ",".join(chosen("cnn-16-36", "").offered))
    assert len(choice.chosen) == MOST_LINES - 1
    assert choice.too_many == len(choice.offered) - len(choice.chosen) > 0
