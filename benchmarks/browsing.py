"""Chromium without a cache, with a stopwatch inside the page."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT = 60_000
"""Timeout in milliseconds, after which something counts as not measured."""

# The page takes the times, in ms since the navigation began, so that our process adds nothing to them.
_FIRSTS = """
window.firsts = {};
new PerformanceObserver((list, observer) => {
  const { position } = getComputedStyle(document.body, "::before");
  if (position === "fixed") firsts.skeleton = list.getEntries()[0].startTime;
  observer.disconnect();
}).observe({ type: "paint", buffered: true });
new MutationObserver(() => {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]');
  if (!main) return;
  // a page may be there before it is shown
  const shown = (element) => getComputedStyle(element).visibility === "visible";
  const texts = [...main.querySelectorAll("h1, p")];
  if (!firsts.text && texts.some((text) => text.textContent.trim() && shown(text))) firsts.text = performance.now();
  const trace = main.querySelector(".main-svg .scatterlayer .trace");
  if (!firsts.chart && trace && shown(trace)) firsts.chart = performance.now();
}).observe(document, { childList: true, subtree: true, characterData: true, attributeFilter: ["data-opening"] });
addEventListener("click", (event) => { window.clicked = event.timeStamp; }, { capture: true });
"""
# what is in a popover stands beside the page
_TEXTS_SHOWN = """([texts, gone]) => {
  const places = document.querySelectorAll('[data-testid="stMainBlockContainer"], [data-testid="stPopoverBody"]');
  const all = [...places].map((place) => place.textContent).join("\\n");
  return texts.every((text) => all.includes(text)) && !gone.some((text) => all.includes(text));
}"""
# a person sees the frame after the change
_AWAIT_TEXTS = f"""(wanted) => {{
  const shown = {_TEXTS_SHOWN};
  window.redrawn = undefined;
  const observer = new MutationObserver(() => {{
    if (!shown(wanted)) return;
    observer.disconnect();
    requestAnimationFrame(() => {{ window.redrawn = performance.now(); }});
  }});
  observer.observe(document.body, {{ childList: true, subtree: true, characterData: true }});
}}"""
POLL = 50
"""Milliseconds between two looks at a page: Playwright looks at each frame, which makes the browser draw them all."""
_IDLE = """document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning" """


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium in headless mode; raises RuntimeError if none is installed."""
    path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("No Chromium is installed; install one (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """A page of a visitor who has never been here before."""
    with browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme="light") as context:
        context.add_init_script(_FIRSTS)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        yield page


def first(page: Page, what: str) -> float:
    """Seconds from the navigation to the first `text` or `chart`, or to the page's `skeleton`."""
    return float(page.wait_for_function(f"firsts.{what}", polling=POLL).json_value()) / 1000


def wait_until_idle(page: Page) -> None:
    """Wait until the script has finished and nothing is pending."""
    page.wait_for_function(_IDLE, polling=POLL)


def click_to_texts(page: Page, button: str, texts: Sequence[str], gone: Sequence[str] = ()) -> float:
    """Milliseconds from a click to the frame in which all texts are on the page, and those `gone` are not.

    Raises RuntimeError if that is so before the click.
    """
    wanted = [list(texts), list(gone)]
    if page.evaluate(_TEXTS_SHOWN, wanted):
        raise RuntimeError(f"The page shows {', '.join(texts)} before the click; measure by other texts.")
    page.evaluate(_AWAIT_TEXTS, wanted)
    page.locator(button).click()
    page.wait_for_function("window.redrawn", polling=POLL)
    return float(page.evaluate("redrawn - clicked"))
