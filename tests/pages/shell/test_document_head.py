"""The head of every document."""

import re

from pages.shell.document_head import _SCRIPTS, _WIDGETS, document_head


def test_the_installed_streamlit_has_a_script_for_each_widget():
    imported = re.findall(r'import "\./static/js/(\w+)\.[\w-]+\.js";', document_head()["last"])
    assert imported == list(_WIDGETS)
    assert all(list(_SCRIPTS.glob(f"{name}.*.js")) for name in imported)


def test_the_page_is_shown_later_or_if_a_script_is_missing():
    show = "delete document.documentElement.dataset.opening"
    head = document_head()
    assert re.search(rf"setTimeout\(\(\) => {{ {show};[^}}]*}}, \d+\)", head["first"])
    assert f'<script type="module" onerror="{show};' in head["last"]


def test_the_installed_streamlits_document_has_what_the_additions_look_for():
    document = (_SCRIPTS.parents[1] / "index.html").read_text(encoding="utf-8")
    title, sheet, end = (document.index(text) for text in ("<title>", '<link rel="stylesheet"', "</head>"))
    assert title < sheet < end
