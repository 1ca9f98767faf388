"""The fonts with which Chromium draws a page."""

import shutil
import subprocess

import pytest
from playwright.sync_api import Page

CHINESE = {"zh-Hant": "Noto Sans CJK TC", "zh-Hans": "Noto Sans CJK SC"}
"""The font of each language where Debian's fonts-noto-cjk is installed."""


def need_chinese_fonts() -> None:
    """Skip the test where they are not installed."""
    listed = shutil.which("fc-list")
    names = subprocess.run([listed, ":", "family"], capture_output=True, text=True).stdout if listed else ""
    if not all(name in names for name in CHINESE.values()):
        pytest.skip("The Chinese fonts are not installed; install them (Debian: apt-get install fonts-noto-cjk).")


def drawn_with(page: Page, selector: str) -> set[str]:
    """The families of the fonts of the texts within all elements that match."""
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    assert nodes
    fonts = [session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"] for node in nodes]
    return {font["familyName"] for some in fonts for font in some}
