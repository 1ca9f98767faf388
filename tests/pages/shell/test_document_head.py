"""The head of every document."""

import re

from pages.shell.document_head import _SCRIPTS, _WIDGETS, document_head


def test_the_installed_streamlit_has_a_script_for_each_widget():
    imported = re.findall(r'import "\./static/js/(\w+)\.[\w-]+\.js";', document_head())
    assert imported == list(_WIDGETS)
    assert all(list(_SCRIPTS.glob(f"{name}.*.js")) for name in imported)


def test_the_page_is_shown_later_or_if_a_script_is_missing():
    show = "delete document.documentElement.dataset.opening"
    assert re.search(rf"setTimeout\(\(\) => {{ {show};[^}}]*}}, \d+\)", document_head())
    assert f'<script type="module" onerror="{show};' in document_head()
