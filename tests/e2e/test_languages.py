"""The language in a browser: chosen, in the document, and in what Streamlit itself says."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import eventually

pytestmark = pytest.mark.browser


def test_the_whole_page_follows_a_chosen_language_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/draw")
    menu = page.locator("[data-testid=stMainMenu] button")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(menu).to_have_attribute("aria-label", "Main menu")
    choose(page, "繁體中文")
    expect(page).to_have_title("手寫 · Digit Lab")
    expect(page).to_have_url(re.compile("lang=zh-Hant"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(menu).to_have_attribute("aria-label", "主選單")
    # a symbol alone, whatever the name of its key is called
    expect(page.locator(".st-key-top-present button [data-english^=Shortcut]")).to_have_css("position", "absolute")
    choose(page, "English")
    expect(page).to_have_title("Draw · Digit Lab")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(menu).to_have_attribute("aria-label", "Main menu")
    spoken = "(all) => all.map((one) => one.ariaLabel ?? '').filter((name) => /[\\u4e00-\\u9fff]/.test(name))"
    eventually(lambda: page.locator("[aria-label]").evaluate_all(spoken) == [])


@pytest.mark.slow  # tests/pages/shell/test_language_choice.py has what the address is
def test_an_unknown_language_leaves_the_browsers_address(page: Page, address: str) -> None:
    page.goto(f"{address}/runs?lang=tlh&against=update")
    expect(page).to_have_title("Runs · Digit Lab")
    expect(page).to_have_url(re.compile(r"/runs\?against=update$"))


def choose(page: Page, name: str) -> None:
    option = page.get_by_role("radio", name=name)
    # until a slow server has answered, the choice worded in the language before is there too
    expect(option).not_to_have_count(2)
    if not option.is_visible():
        page.locator(".st-key-top-language button").click()
    page.get_by_text(name, exact=True).click()
