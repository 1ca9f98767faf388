"""The head of every document."""

import re

from pages.shell.document_head import _SCRIPTS, _WIDGETS, document_head


def test_the_installed_streamlit_has_a_script_for_each_widget():
    imported = re.findall(r'import "\./static/js/(\w+)\.[\w-]+\.js";', document_head())
    assert imported == list(_WIDGETS)
    assert all(list(_SCRIPTS.glob(f"{name}.*.js")) for name in imported)


def test_the_page_is_shown_by_a_script_and_in_any_case_later():
    head = document_head()
    shown = "delete document.documentElement.dataset.opening"
    assert head.index("setTimeout") < head.index(shown) < head.rindex(shown)
