"""Where the time to the first text goes: each step of a first visit, beside that of a bare page."""

import contextlib
from itertools import pairwise

from playwright.sync_api import Page

from benchmarks.browsing import chromium, first, visitor, wait_until_idle
from benchmarks.first_page import finished_run
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, PAGES, serving
from benchmarks.setting import Setting

_BARE = PAGES / "hello.py"
# Streamlit's page opens one connection, over which the server sends what its script draws
_WATCH = """
window.connection = { received: [] };
const Native = WebSocket;
window.WebSocket = class extends Native {
  constructor(...settings) {
    super(...settings);
    connection.asked ??= performance.now();
    this.addEventListener("open", () => { connection.open ??= performance.now(); });
    this.addEventListener("message", ({ data }) => {
      connection.received.push([performance.now(), data.byteLength ?? data.size ?? data.length]);
    });
  }
};
window.busy = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) busy.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });
"""
_READ = """() => {
  const shown = firsts.text;
  const [visit] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource").filter((file) => file.responseEnd <= shown);
  const received = connection.received.filter(([when]) => when <= shown);
  return {
    times: [visit.responseEnd, connection.asked, connection.open, received[0][0], received.at(-1)[0], shown],
    files: files.length,
    kilobytes: files.reduce((sum, file) => sum + file.encodedBodySize, visit.encodedBodySize) / 1000,
    messages: received.length,
    received: received.reduce((sum, [, size]) => sum + size, 0) / 1000,
    busy: busy.filter(([begun]) => begun <= shown).reduce((sum, [, lasted]) => sum + lasted, 0),
  };
}"""
_STEPS = (
    "navigation to the whole document",
    "to the request for a connection, by Streamlit's scripts",
    "to the open connection",
    "to its first message",
    "to its last message before the text",
    "to the text",
)
_AMOUNTS = {
    "tasks of 50 ms and more in the page": ("busy", "ms"),
    "files loaded": ("files", "files"),
    "files loaded, size": ("kilobytes", "kB"),
    "messages": ("messages", "messages"),
    "messages, size": ("received", "kB"),
}


def first_text(setting: Setting) -> list[Measurement]:
    """Cold visits to warm servers, ours in turn with a page of one text."""
    runs_dir = finished_run(setting)
    ours: list[dict[str, float]] = []
    bare: list[dict[str, float]] = []
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        visits = [
            (stack.enter_context(serving(script, setting.folder, runs_dir)).address, seen)
            for script, seen in ((APP, ours), (_BARE, bare))
        ]
        for turn in range(1 + setting.turns(full=15, quick=2)):
            for address, seen in visits:
                with visitor(browser) as page:
                    steps = _steps(page, address)
                # the first visit warms up the server
                if turn:
                    seen.append(steps)
    rows = [(name, name, "ms") for name in _STEPS] + [(name, key, unit) for name, (key, unit) in _AMOUNTS.items()]
    return [
        Measurement.of(
            f"First text: {name}",
            unit,
            [steps[key] for steps in ours],
            [steps[key] for steps in bare],
            against=f"bare page, {_BARE.stem}",
        )
        for name, key, unit in rows
    ]


def _steps(page: Page, address: str) -> dict[str, float]:
    """The milliseconds of each step, and what was loaded until the text."""
    page.add_init_script(_WATCH)
    page.goto(address)
    first(page, "text")
    found = page.evaluate(_READ)
    wait_until_idle(page)
    times = found.pop("times")
    lengths = (after - before for before, after in pairwise([0.0, *times]))
    return {**found, **dict(zip(_STEPS, lengths, strict=True))}
