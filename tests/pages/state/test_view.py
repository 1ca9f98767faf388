"""What a person looks at, to a link and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.epochs import nearest_epoch
from pages.state.view import VIEW_NAMES, View

views = st.builds(
    View,
    run=st.text(max_size=20),
    epoch=st.one_of(st.sampled_from(["best", "last"]), st.integers(0, 1000)),
    images=st.sampled_from(["test", "validation"]),
    true=st.one_of(st.none(), st.integers(0, 9)),
    predicted=st.one_of(st.none(), st.integers(0, 9)),
    shares=st.booleans(),
    low=st.integers(0, 100),
    page=st.integers(1, 500),
    digit=st.one_of(st.none(), st.integers(0, 9999)),
    find=st.text(max_size=50),
)


@given(views)
def test_a_link_gives_the_view_back(view):
    assert View().following(view.to_query(VIEW_NAMES), VIEW_NAMES) == (view, [])


def test_a_link_says_only_what_differs():
    assert View(true=5, predicted=3, epoch=7).to_query(VIEW_NAMES) == {"epoch": "7", "true": "5", "predicted": "3"}
    assert View(true=5, epoch=7).to_query(["epoch"]) == {"epoch": "7"}


def test_names_of_another_page_stay_as_they_are():
    view, _ = View(true=5, run="a").following({"run": "b"}, ["run", "epoch"])
    assert (view.true, view.run) == (5, "b")


@given(st.dictionaries(st.sampled_from([*VIEW_NAMES, "else"]), st.text(max_size=80)))
def test_anything_in_a_link_gives_a_view_and_a_sentence_each(params):
    view, problems = View().following(params, VIEW_NAMES)
    assert view.to_query(VIEW_NAMES).keys() <= params.keys()
    assert all(any(f"The link's {name} is" in problem for name in params) for problem in problems)


def test_a_class_that_is_none_is_told():
    view, problems = View().following({"true": "12", "predicted": "3"}, VIEW_NAMES)
    assert (view.true, view.predicted) == (None, 3)
    assert problems == ["The link's true is 12; use a whole number from 0 to 9."]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(7, (8, False)), (8, (8, True)), (99, (12, False)), (0, (0, True)), ("best", (8, True)), ("last", (12, True))],
)
def test_the_nearest_epoch_that_there_is(wanted, found):
    assert nearest_epoch(wanted, (0, 2, 8, 12), best=8) == found


def test_the_last_epoch_stands_for_a_best_one_that_nobody_chose():
    assert nearest_epoch("best", (0, 2), best=None) == (2, True)
    with pytest.raises(ValueError, match="no epochs"):
        nearest_epoch("last", (), best=None)
