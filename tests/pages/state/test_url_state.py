"""The page follows its address, and the address the page."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.state import left_links


def results() -> None:
    """A page that shows its epoch and can change it."""
    import streamlit as st

    from pages.run.results.view import ResultsView
    from pages.state.url_state import change, look

    st.text(look(ResultsView).epoch)
    st.button("2", key="second", on_click=change, kwargs={"epoch": 2})
    st.button("3", key="third", on_click=change, kwargs={"epoch": 3})


def runs() -> None:
    """A page whose address has no parameters at first."""
    import streamlit as st

    from pages.runs.view import RunsView
    from pages.state.url_state import change, look

    st.text(look(RunsView).runs)
    st.button("some", key="some", on_click=change, kwargs={"runs": "some"})


@pytest.mark.parametrize(("settling", "shown"), [(0, "2"), (60, "3")])
def test_back_is_followed_unless_the_address_may_be_late(monkeypatch, settling, shown):
    monkeypatch.setattr(left_links, "LATE_SECONDS", settling)
    page = AppTest.from_function(results, default_timeout=20)
    page.query_params.update({"tab": "results", "epoch": "2"})
    page.run().button(key="third").click().run()
    assert (page.text[0].value, page.query_params["epoch"]) == ("3", "3")
    page.query_params["epoch"] = "2"
    assert page.run().text[0].value == shown


def test_back_to_an_address_without_parameters_undoes_the_first_choice(monkeypatch):
    monkeypatch.setattr(left_links, "LATE_SECONDS", 0)
    page = AppTest.from_function(runs, default_timeout=20)
    page.run().button(key="some").click().run()
    assert (page.text[0].value, page.query_params["runs"]) == ("some", "some")
    page.query_params.clear()
    assert page.run().text[0].value == ""


def test_an_address_from_before_several_choices_may_be_late(monkeypatch):
    monkeypatch.setattr(left_links, "LATE_SECONDS", 60)
    page = AppTest.from_function(results, default_timeout=20)
    page.query_params.update({"tab": "results", "epoch": "1"})
    page.run().button(key="second").click().run()
    page.button(key="third").click().run()
    for late in ("1", "2"):
        page.query_params["epoch"] = late
        assert page.run().text[0].value == "3"
