"""What every page has in its HTML document before the first message of a visit."""

from pathlib import Path

import streamlit

from core.places import ROOT

_WIDGETS = (
    *("BidiComponent", "Button", "ButtonGroup", "Checkbox", "DownloadButton", "Html", "Metric", "Multiselect"),
    *("NumberInput", "PageLink", "Pagination", "Progress", "Selectbox", "Slider", "TextArea", "TextInput"),
)
"""Streamlit's scripts for the widgets of most pages: it fetches each at its first use, and draws a bar until then."""
_LONGEST = 15_000
"""Milliseconds after which the page is shown in any case."""
_SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"


def document_head() -> dict[str, str]:
    """What the head has first, for the frame before anything has come, and last: the frame's style, widgets' scripts.

    What is there early moves nothing when it arrives. A version of Streamlit that has no script of a widget's name
    fetches it later.
    """
    css, frame, opening = (
        (ROOT / "static" / name).read_text(encoding="utf-8") for name in ("first_frame.css", "frame.css", "opening.js")
    )
    found = (path.name for name in _WIDGETS for path in sorted(_SCRIPTS.glob(f"{name}.*.js")))
    imports = "".join(f'import "./static/js/{name}";' for name in found)
    states = "document.documentElement.dataset"
    show = f"delete {states}.opening; delete {states}.unframed"
    place = 'location.pathname.endsWith("/") ? "train" : "page"'
    first = (
        f'<style>{css}</style><script>{states}.unframed = ""; {states}.opening = {place};'
        f" setTimeout(() => {{ {show} }}, {_LONGEST});</script>"
    )
    last = f'<style>{frame}</style><script type="module" onerror="{show}">{imports}\n{opening}</script>'
    return {"first": first, "last": last}
