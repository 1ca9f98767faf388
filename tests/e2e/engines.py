"""One interface to Firefox and WebKit, the engine of Safari and of every iPhone and iPad."""

import itertools
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from selenium import webdriver
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from websockets.sync.client import ClientConnection, connect

from tests.e2e.conftest import eventually, installed

Point = tuple[float, float]
PACE = 30
"""Milliseconds of a pointer move between two points."""


class Engine(Protocol):
    """The actions of a browser that the walk needs; points are pixels of its window."""

    def resize(self, width: int, height: int) -> None: ...

    def open(self, url: str) -> None: ...

    def run(self, function: str, argument: Any = None) -> Any:
        """The result of a JavaScript function of one argument on the open page."""

    def move(self, point: Point) -> None:
        """Move the pointer."""

    def drag(self, points: Sequence[Point]) -> None:
        """Press the pointer on the first point, move it over the others, and release it."""


class Firefox:
    """Controlled by WebDriver BiDi, which Firefox supports without a driver: https://w3c.github.io/webdriver-bidi/."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._send("session.new", capabilities={})
        self._tab = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def _send(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._connection.recv(timeout=120))).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        return answer["result"]

    def resize(self, width: int, height: int) -> None:
        self._send("browsingContext.setViewport", context=self._tab, viewport={"width": width, "height": height})

    def open(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def run(self, function: str, argument: Any = None) -> Any:
        # as JSON, because the protocol encodes values in its own way
        answer = self._send(
            "script.evaluate",
            expression=f"JSON.stringify(({function})({json.dumps(argument)}) ?? null)",
            target={"context": self._tab},
            awaitPromise=False,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def move(self, point: Point) -> None:
        self._act(_moved(point))

    def drag(self, points: Sequence[Point]) -> None:
        press, release = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._act(_moved(points[0]), press, *map(_moved, points[1:]), release)

    def _act(self, *actions: dict[str, Any]) -> None:
        mouse = {"type": "pointer", "id": "mouse", "actions": actions}
        self._send("input.performActions", context=self._tab, actions=[mouse])


def _moved(point: Point) -> dict[str, Any]:
    x, y = map(round, point)
    return {"type": "pointerMove", "x": x, "y": y, "duration": PACE}


class WebKit:
    """Controlled by Selenium and WebKitGTK's driver."""

    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self._driver = driver

    def resize(self, width: int, height: int) -> None:
        self._driver.set_window_size(width, height)

    def open(self, url: str) -> None:
        self._driver.get(url)

    def run(self, function: str, argument: Any = None) -> Any:
        return self._driver.execute_script(f"return ({function})(arguments[0])", argument)

    def move(self, point: Point) -> None:
        actions = ActionBuilder(self._driver, duration=PACE)
        actions.pointer_action.move_to_location(*map(round, point))
        actions.perform()

    def drag(self, points: Sequence[Point]) -> None:
        actions = ActionBuilder(self._driver, duration=PACE)
        pointer = actions.pointer_action
        pointer.move_to_location(*map(round, points[0])).pointer_down()
        for x, y in points[1:]:
            pointer.move_to_location(round(x), round(y))
        pointer.pointer_up()
        actions.perform()


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A headless Firefox with a new profile."""
    program = installed("firefox-esr", "firefox", package="firefox-esr")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        where = Path(profile) / "WebDriverBiDiServer.json"
        command = [program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
            try:
                eventually(where.exists, 120)
                port = json.loads(where.read_text())["ws_port"]
                with connect(f"ws://127.0.0.1:{port}/session", max_size=None, proxy=None) as connection:
                    yield Firefox(connection)
            finally:
                browser.kill()


@contextmanager
def webkit() -> Iterator[WebKit]:
    """WebKitGTK's MiniBrowser on a virtual screen."""
    program = installed("WebKitWebDriver", package="webkit2gtk-driver")
    screen = installed("Xvfb", package="xvfb")
    reading, writing = os.pipe()
    command = [screen, "-displayfd", str(writing), "-screen", "0", "1600x1400x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as display:
        try:
            os.close(writing)
            with os.fdopen(reading) as number:
                shown_on = f":{number.readline().strip()}"
            options = Options()
            options.binary_location = str(next(Path("/usr/lib").glob("**/webkit2gtk-*/MiniBrowser")))
            options.add_argument("--automation")
            service = Service(program, env={**os.environ, "DISPLAY": shown_on})
            driver = webdriver.WebKitGTK(options=options, service=service)
            try:
                yield WebKit(driver)
            finally:
                driver.quit()
        finally:
            display.kill()
