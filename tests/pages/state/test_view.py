"""Views to links and back."""

from dataclasses import fields
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_a_link_holds_only_what_differs_from_the_default_and_is_read_without_other_pages_parameters():
    assert ResultsView(true=5, predicted=3, epoch=7).to_query() == {"epoch": "7", "true": "5", "predicted": "3"}
    assert ResultsView.from_query({"run": "b", "layer": "conv_1"}) == (ResultsView(run="b"), [])


@pytest.mark.parametrize("view", VIEWS)
@given(data=st.data())
def test_any_link_gives_a_view_and_a_message_per_invalid_value(view, data):
    params = data.draw(st.dictionaries(st.sampled_from([*view.rules, "else"]), st.text(max_size=80)))
    found, problems = view.from_query(params)
    assert found.to_query().keys() <= params.keys()
    assert all(any(f"The link's {name} is" in str(problem) for name in params) for problem in problems)


def test_an_invalid_class_is_reported():
    view, problems = ResultsView.from_query({"true": "120", "predicted": "3"})
    assert (view.true, view.predicted) == (None, 3)
    assert list(map(str, problems)) == ["The link's true is 120; use a whole number from 0 to 99."]


def test_a_fields_default_is_valid_in_a_link_and_its_type_rule_and_default_are_the_same_on_all_pages():
    declared = {}
    for view in VIEWS:
        hints = get_type_hints(view, include_extras=True)
        for field in fields(view):
            rule = view.rules[field.name]
            assert field.default is None or rule.read(rule.write(field.default)) == field.default
            declaration = hints[field.name], rule, field.default
            assert declared.setdefault(field.name, declaration) == declaration


def test_an_unknown_field_cannot_be_set():
    with pytest.raises(TypeError, match="no view has layr"):
        Looking().change(layer="conv_1", layr="conv_2")


def test_the_app_lists_every_view():
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    assert [view.__name__ for view in VIEWS if app.count(view.__name__) < 2] == []
