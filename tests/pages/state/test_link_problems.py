"""One alert for all that a link asks for in vain."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.state.link_problems import link_problem, place_link_problems

    st.title("Page")
    place_link_problems()
    for number in st.session_state.get("numbers", []):
        link_problem(f"There is no {number}.")


def test_problems_share_an_alert_that_names_three_and_counts_the_rest() -> None:
    test = AppTest.from_function(page, default_timeout=20)
    test.session_state["numbers"] = [1, 2, 2]
    assert [alert.value for alert in test.run().warning] == ["There is no 1. There is no 2."]
    test.session_state["numbers"] = range(5)
    (alert,) = test.run().warning
    assert alert.value.startswith("There is no 0. There is no 1. There is no 2. And 2 more")
    test.session_state["numbers"] = []
    assert not test.run().warning
