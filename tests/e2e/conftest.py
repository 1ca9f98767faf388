"""The real app in real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from core.data import datasets
from core.runs.store import RunStore

ROOT = Path(__file__).parents[2]
BATCH_SECONDS = "0.05"
"""The duration of a training batch, so that some hundred epochs outlast a test on a busy machine."""
QUICK_TRAINING = os.pathsep.join((str(Path(__file__).with_name("quick_training")), str(ROOT)))


def eventually(check: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "The condition did not become true in time."
        time.sleep(0.05)


@contextmanager
def serving(
    folder: Path, *, script: Path = Path("app.py"), **environment: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a script on a free port, by default app.py in `folder`; yields its address and process.

    Unless the environment changes it, no worker is kept warm, and runs train without Keras.
    """
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    training = {"PYTHONPATH": QUICK_TRAINING, "DIGIT_LAB_WARM_WORKER": "off", "BATCH_SECONDS": BATCH_SECONDS}
    options = ["--server.headless=true", f"--server.port={port}", "--server.fileWatcherType=none"]
    with subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=folder,
        env={**os.environ, **training, **environment},
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            eventually(lambda: _healthy(port))
            yield f"http://localhost:{port}", server
        finally:
            server.kill()


def installed(*names: str, package: str) -> str:
    """The path of the first program that is installed; without one, the test fails in CI, else it is skipped."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        reason = f"{names[0]} is not installed; install it (Debian: apt-get install {package}) to run this test."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found


@contextmanager
def serving_script(name: str, folder: Path, **environment: str) -> Iterator[str]:
    """The address of a script of these tests, served with the project's theme and static files from this folder."""
    shutil.copy(Path(__file__).with_name(name), folder / "app.py")
    for shared in ("static", ".streamlit"):
        shutil.copytree(ROOT / shared, folder / shared)
    with serving(folder, **environment) as (address, _):
        yield address


@dataclass(frozen=True)
class Lab:
    """A running app and its runs folder."""

    address: str
    runs_dir: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The app as its owner sees it, with the shipped runs and those that tests create."""
    with _lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def public_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The app as a public server."""
    # a public server allows few epochs, so they must be slow
    with _lab(tmp_path_factory.mktemp("public"), DIGIT_LAB_PUBLIC="on", BATCH_SECONDS="1") as lab:
        yield lab


@pytest.fixture(scope="session")
def address(lab: Lab) -> str:
    return lab.address


@contextmanager
def _lab(folder: Path, **environment: str) -> Iterator[Lab]:
    runs_dir = folder / "runs"
    runs_dir.mkdir()
    places = {"DIGIT_LAB_RUNS": str(runs_dir), "DIGIT_LAB_DRAWINGS": str(folder / "drawings")}
    datasets.load("mnist-5k")  # prepared before a page needs it
    with serving(ROOT, **places, **environment) as (address, _):
        yield Lab(address, runs_dir)
    end_workers(runs_dir)


def end_workers(runs_dir: Path) -> None:
    """Kill the workers of these runs, which outlive their server."""
    for run in RunStore(runs_dir).runs():
        if run.status.owner and run.status.owner.lives():
            psutil.Process(run.status.owner.pid).kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Chromium without windows takes two thirds of the time
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    chromium = installed(*names, package="chromium-headless-shell")
    # host names of this machine, reached without a proxy
    here = ["--host-resolver-rules=MAP *.test 127.0.0.1", "--proxy-server=direct://"]
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic", *here, *quiet]
        )
        expect.set_options(timeout=60_000)  # for a busy machine
        yield running
        running.close()


@pytest.fixture(scope="session")
def browsers(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Three browsers that load and compile the scripts of the pages once for all tests."""
    # ignores HTTPS errors, because one server has a self-signed certificate
    contexts = [browser.new_context(color_scheme="light", ignore_https_errors=True) for _ in range(3)]
    for context in contexts:
        context.set_default_timeout(60_000)  # for a busy machine
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture
def visitors(browsers: list[BrowserContext]) -> Iterator[list[BrowserContext]]:
    """Three new visitors, whose browsers have no cookies and no open pages."""
    yield browsers
    for context in browsers:
        context.clear_cookies()
        for page in context.pages:
            page.close()


@pytest.fixture
def page(visitors: list[BrowserContext]) -> Page:
    """A page of a new visitor with a desktop screen."""
    return desktop(visitors[0])


@pytest.fixture
def phone(visitors: list[BrowserContext]) -> Page:
    """A page of a new visitor with a phone, 390 pixels wide."""
    page = visitors[0].new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def desktop(visitor: BrowserContext) -> Page:
    """A new page of this visitor with a desktop screen."""
    page = visitor.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


def needs_no_sideways_scrolling(phone: Page, *parts: str) -> bool:
    """Whether the page, and each of its parts (CSS selectors), fits the width of the phone."""
    read = "(all) => all.map((one) => one.getBoundingClientRect().right)"
    ends = [phone.evaluate("document.documentElement.scrollWidth"), *phone.locator(", ".join(parts)).evaluate_all(read)]
    return len(ends) > 1 and max(ends) <= 391


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
