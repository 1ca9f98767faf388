"""A visitor of the real pages in any browser: opens them, clicks, and checks that every part is drawn."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.e2e.engines import Engine, Point

PATIENCE = 240
"""Seconds until a page must be complete, even on a busy machine."""
CLICKED_AGAIN = 20
"""Seconds after which a click without effect is repeated."""
SIZES = {"desktop": (1280, 800), "iPad": (820, 1180)}
"""Width and height of the window in pixels; WebKit's toolbar takes some of the height."""

# most components are in shadow roots, which querySelector does not search
ALL = """
const all = (selector, root = document) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].flatMap((one) => (one.shadowRoot ? all(selector, one.shadowRoot) : [])),
];
const box = (one) => one.getBoundingClientRect();
"""
STATE = f"""(selectors) => {{
  {ALL}
  const app = document.querySelector("[data-testid=stApp]");
  const drawn = (one) => {{
    const [outer, inner] = [one, one.querySelector(".js-plotly-plot") ?? one].map(box);
    const filled = one.childElementCount > 0 || one.tagName === "CANVAS";
    return filled && outer.width > 0 && outer.height > 0 && inner.width > 0;
  }};
  return {{
    quiet: app?.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED"
      && !document.querySelector("[data-testid=stSkeleton]"),
    errors: [
      ...[...document.querySelectorAll("[data-testid=stException], [data-testid=stAlertContentError]")].map(
        (one) => one.innerText),
      ...(document.body.innerText.match(/.*BidiComponent Error.*/g) ?? []),
    ],
    drawn: Object.fromEntries(selectors.map((selector) => [selector, all(selector).filter(drawn).length])),
    undrawn: all(".live-chart, .sheet, .pixels, .picture").filter((one) => !drawn(one)).length,
    tooWide: document.documentElement.scrollWidth - innerWidth,
  }};
}}"""
MIDDLE = f"""([selector, text]) => {{
  {ALL}
  const one = all(selector).find((one) => box(one).width && (text === null || one.innerText.trim() === text));
  one?.scrollIntoView({{ block: "center" }});
  const {{ x, y, width, height }} = one ? box(one) : {{}};
  return one ? [x, y, width, height] : null;
}}"""


class Walker:
    """A visitor with a browser."""

    def __init__(self, engine: Engine, address: str) -> None:
        self._engine, self._address = engine, address

    def open(self, link: str) -> None:
        self._engine.open(self._address + link)

    def resize(self, size: str) -> None:
        self._engine.resize(*SIZES[size])

    def look(self, size: str, parts: Mapping[str, int]) -> None:
        """Wait until at least this number of each part (CSS selector -> number) is drawn at this size."""
        self.resize(size)

        def complete() -> bool:
            state = self.state(*parts)
            assert state["errors"] == [], state["errors"]
            enough = all(state["drawn"][selector] >= number for selector, number in parts.items())
            return bool(state["quiet"] and enough and not state["undrawn"] and state["tooWide"] <= 0)

        self.wait(complete, lambda: self.state(*parts))

    def state(self, *selectors: str) -> dict[str, Any]:
        state: dict[str, Any] = self.run(STATE, selectors)
        return state

    def run(self, function: str, argument: Any = None) -> Any:
        return self._engine.run(function, argument)

    def follow(self, act: Callable[[], Any]) -> None:
        """Do something that changes the page's address, and wait until it has changed."""
        before = self.run("() => location.href")
        acted = 0.0

        def changed() -> bool:
            nonlocal acted
            if self.run("() => location.href") != before:
                return True
            # a click on an element that is being redrawn has no effect, so it is repeated
            if time.monotonic() - acted > CLICKED_AGAIN:
                act()
                acted = time.monotonic()
            return False

        self.wait(changed, lambda: before)

    def wait(self, check: Callable[[], Any], state: Callable[[], Any]) -> None:
        """Wait until a condition holds; otherwise the error shows `state`."""
        deadline = time.monotonic() + PATIENCE
        while not check():
            assert time.monotonic() < deadline, state()
            time.sleep(0.1)

    def click(self, selector: str, text: str | None = None) -> None:
        """Click the center of the first matching element once it exists."""
        x, y, width, height = self.box(selector, text)
        self.drag((x + width / 2, y + height / 2))

    def box(self, selector: str, text: str | None = None) -> tuple[float, float, float, float]:
        """Left, top, width and height of the first matching element, scrolled into view."""
        found: list[Any] = []
        self.wait(lambda: found.append(self.run(MIDDLE, [selector, text])) or found[-1], lambda: (selector, text))
        x, y, width, height = found[-1]
        return x, y, width, height

    def move(self, point: Point) -> None:
        self._engine.move(point)

    def drag(self, *points: Point) -> None:
        self._engine.drag(points)
