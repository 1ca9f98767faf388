"""Views to links and back."""

from dataclasses import fields
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.epochs import nearest_epoch
from pages.run.mistakes.view import MistakesView
from pages.run.results.view import ResultsView
from pages.state.url_state import Looking
from tests.pages.conftest import ROOT, VIEWS

views = st.builds(
    MistakesView,
    run=st.text(max_size=20),
    epoch=st.one_of(st.sampled_from(["best", "last"]), st.integers(0, 1000)),
    images=st.sampled_from(["test", "validation"]),
    true=st.one_of(st.none(), st.integers(0, 9)),
    predicted=st.one_of(st.none(), st.integers(0, 9)),
    low=st.integers(0, 100),
    page=st.integers(1, 500),
    digit=st.one_of(st.none(), st.integers(0, 9999)),
    find=st.text(max_size=50),
) | st.builds(ResultsView, shares=st.booleans())


@given(views)
def test_a_view_survives_its_link(view):
    assert type(view).from_query(view.to_query()) == (view, [])


def test_a_link_holds_only_what_differs_from_the_default():
    assert ResultsView(true=5, predicted=3, epoch=7).to_query() == {"epoch": "7", "true": "5", "predicted": "3"}


def test_another_pages_parameters_are_ignored():
    assert ResultsView.from_query({"run": "b", "layer": "conv_1"}) == (ResultsView(run="b"), [])


@pytest.mark.parametrize("view", VIEWS)
@given(data=st.data())
def test_any_link_gives_a_view_and_a_message_per_invalid_value(view, data):
    params = data.draw(st.dictionaries(st.sampled_from([*view.rules, "else"]), st.text(max_size=80)))
    found, problems = view.from_query(params)
    assert found.to_query().keys() <= params.keys()
    assert all(any(f"The link's {name} is" in str(problem) for name in params) for problem in problems)


def test_an_invalid_class_is_reported():
    view, problems = ResultsView.from_query({"true": "12", "predicted": "3"})
    assert (view.true, view.predicted) == (None, 3)
    assert list(map(str, problems)) == ["The link's true is 12; use a whole number from 0 to 9."]


def test_a_field_has_the_same_type_rule_and_default_on_all_pages():
    declared = {}
    for view in VIEWS:
        hints = get_type_hints(view, include_extras=True)
        for field in fields(view):
            declaration = hints[field.name], view.rules[field.name], field.default
            assert declared.setdefault(field.name, declaration) == declaration


@pytest.mark.parametrize("view", VIEWS)
def test_every_default_is_valid_in_a_link(view):
    defaults = {field.name: field.default for field in fields(view) if field.default is not None}
    assert {name: view.rules[name].read(view.rules[name].write(value)) for name, value in defaults.items()} == defaults


def test_an_unknown_field_cannot_be_set():
    with pytest.raises(TypeError, match="no view has layr"):
        Looking().change(layer="conv_1", layr="conv_2")


def test_the_app_lists_every_view():
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    assert [view.__name__ for view in VIEWS if app.count(view.__name__) < 2] == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(7, (8, False)), (8, (8, True)), (99, (12, False)), (0, (0, True)), ("best", (8, True)), ("last", (12, True))],
)
def test_the_nearest_stored_epoch_is_found(wanted, found):
    assert nearest_epoch(wanted, (0, 2, 8, 12), best=8) == found


def test_without_a_best_epoch_the_last_is_used():
    assert nearest_epoch("best", (0, 2), best=None) == (2, True)
    with pytest.raises(ValueError, match="no epochs"):
        nearest_epoch("last", (), best=None)
