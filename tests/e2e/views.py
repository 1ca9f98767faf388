"""Every view of the product by name, as a link."""

from playwright.sync_api import Page

RUN = "/run?run=cnn-16-36-5k"
"""A run whose digits need no download."""
LESSONS = ("pixels", "convolution", "pooling", "softmax", "descent", "step", "batch", "ladder")
VIEWS = {
    "train": "/",
    "train layers": "/?preset=layers",
    "train from a tutorial": "/?view=tutorial",
    "runs": "/runs",
    "runs compared": "/runs?runs=mlp-512,cnn-16-36-5k",
    "curves": f"{RUN}&tab=curves",
    "results": f"{RUN}&tab=results",
    "mistakes": f"{RUN}&tab=mistakes",
    "mistakes table": f"{RUN}&tab=mistakes&show=table",
    "suspected labels": f"{RUN}&tab=mistakes&show=labels",
    "inside": f"{RUN}&tab=inside",
    "inside convolution": "/run?run=cnn-16-36-5k&tab=inside&part=convolution",
    "inside pooling": "/run?run=cnn-16-36-5k&tab=inside&part=pooling",
    "inside output": f"{RUN}&tab=inside&part=output",
    "inside occlusion": f"{RUN}&tab=inside&part=occlusion",
    "inside weights": f"{RUN}&tab=inside&part=weights",
    "inside map": f"{RUN}&tab=inside&part=map",
    "settings and code": f"{RUN}&tab=settings",
    "sweeps": "/sweep",
    "draw": "/draw",
    "draw answered": "/draw?source=test",
    **{f"lesson {name}": f"/learn?lesson={name}" for name in LESSONS},
    "data": "/data",
    "data sets": "/data?aspect=sets",
    "data one digit": "/data?aspect=one",
    "data typical": "/data?aspect=typical",
    "data split": "/data?aspect=split",
    "data augmentation": "/data?aspect=augmentation",
    "data environment": "/data?aspect=environment",
}
MAIN = ("train", "runs compared", "mistakes", "inside", "draw answered")
"""The views that have most of the kinds of widgets and pictures; with --slow, all are looked at."""

QUIET = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const all = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll("*")].flatMap((one) => (one.shadowRoot ? all(selector, one.shadowRoot) : [])),
  ];
  const waiting = all(".live-chart, .sheet, .pixels, .picture, .walk, .race, .rows, .map, .stPlotlyChart").filter(
    (one) => one.checkVisibility() && (!one.childElementCount || one.firstElementChild.localName === "i"),
  );
  return app?.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED"
    && !document.querySelector("[data-testid=stSkeleton], [data-testid=stAppSkeleton]") && !waiting.length
    && document.querySelector("[data-testid=stMainBlockContainer]")?.innerText.trim().length > 0;
}"""
"""Whether the script has ended and every part of the page is drawn."""

POLL = 100
"""Milliseconds between two looks at a page; by default Playwright looks at each frame, which keeps a core busy."""

WATCH_MOVES = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const names = sources.map(({ node }) => (node?.nodeType === 1 ? node : node?.parentElement)?.className ?? "");
    if (!hadRecentInput) window.moved.push([value, names]);
  }
}).observe({ type: "layout-shift" });
"""
"""Records from now on what moves by itself, as a page's script or before it."""


def open_view(page: Page, link: str) -> None:
    """Open a link and wait until everything is drawn."""
    page.goto(link)
    page.wait_for_function(QUIET, polling=POLL)


def assert_still(page: Page) -> None:
    """Hardly anything has moved since WATCH_MOVES, in https://web.dev/articles/cls summed up."""
    moved = page.evaluate("moved")
    assert sum(value for value, _ in moved) <= 0.02, moved
