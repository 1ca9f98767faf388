"""A page with only the form, and a visitor's actions on it."""

import re
from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from core.config.run import RunConfig


def app() -> None:
    import streamlit as st

    from pages.train.form import config_form

    def train() -> None:
        st.session_state.chosen = config_form(
            {"mnist": "60,000 images", "mnist-5k": "4,000 images"},
            st.session_state.get("default", "mnist"),
            lambda _: None,
        )

    if st.session_state.get("elsewhere"):
        st.write("another page")
    else:
        train()


def opened(link: Mapping[str, str] | None = None) -> AppTest:
    page = AppTest.from_function(app, default_timeout=20)
    for name, text in (link or {}).items():
        page.query_params[name] = text
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def go(page: AppTest, link: Mapping[str, str]) -> AppTest:
    """What the browser's Back and Forward do."""
    page.query_params.clear()
    for name, text in link.items():
        page.query_params[name] = text
    return run(page)


def chosen(page: AppTest) -> RunConfig | None:
    return page.session_state.chosen


def link(page: AppTest) -> dict[str, str]:
    return {name: text if isinstance(text, str) else text[-1] for name, text in page.query_params.items() if text != []}


def total(page: AppTest) -> str:
    (table,) = (block.proto.body for block in page.get("html"))
    return re.sub(r"<[^>]+>", " ", table[table.index("<tfoot>") :]).split()[-1]


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click()
    return run(page)


def pick(page: AppTest, preset: str) -> AppTest:
    page.button_group(key="form.preset").set_value(preset)
    return run(page)
