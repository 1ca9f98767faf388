"""The language in a browser: chosen, in the document, and in what Streamlit itself says."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import eventually
from tests.e2e.fonts import CHINESE, drawn_with, need_chinese_fonts
from tests.e2e.views import RUN, open_view

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


@pytest.mark.slow  # tests/e2e/test_live_chart.py saves both formats in English
@pytest.mark.parametrize("language", CHINESE)
def test_a_saved_chart_has_the_letters_of_its_language(page: Page, address: str, tmp_path: Path, language: str) -> None:
    need_chinese_fonts()
    open_view(page, f"{address}{RUN}&tab=curves&lang={language}")
    # a browser has the letters of the page's language, but takes punctuation after Latin letters from any font
    faces = "[...document.fonts].map(({ family, status }) => `${family} ${status}`)"
    assert page.evaluate(faces).count("Punctuation loaded") == (language == "zh-Hant")
    with page.expect_download() as saved:
        page.locator(".live-chart-plot").first.get_by_role("button", name="SVG").click()
    saved.value.save_as(tmp_path / "chart.svg")
    page.goto((tmp_path / "chart.svg").as_uri())
    assert {name for name in drawn_with(page, "text") if "CJK" in name} == {CHINESE[language]}


def choose(page: Page, name: str) -> None:
    option = page.get_by_role("radio", name=name)
    # until a slow server has answered, the choice worded in the language before is there too
    expect(option).not_to_have_count(2)
    if not option.is_visible():
        page.locator(".st-key-top-language button").click()
    page.get_by_text(name, exact=True).click()
